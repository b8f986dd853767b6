import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  isError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import { type BedFolder } from './BedFolder';
import { type BedState, type BedSystemName } from './BedState';
import { type BedProgram, findProgram } from './build/BedProgram';
import {
  type BedProcess,
  type BedProcesses,
  type ProcessOptions,
} from './processes/BedProcesses';

const PATIENCE_MS = 180_000;
const PAUSE_MS = 200;
const REQUEST_MS = 10_000;

/** What a system is started with. */
export class Bed {
  readonly folder: BedFolder;
  readonly #processes: BedProcesses;
  readonly #state: BedState;
  readonly #layer: number;
  readonly #signal: AbortSignal;

  constructor(options: {
    folder: BedFolder;
    processes: BedProcesses;
    /** Of the systems that are ready. */
    state: BedState;
    layer: number;
    signal: AbortSignal;
  }) {
    this.folder = options.folder;
    this.#processes = options.processes;
    this.#state = options.state;
    this.#layer = options.layer;
    this.#signal = options.signal;
  }

  /** How a system is talked to that this one needs. */
  of<N extends BedSystemName>(name: N): NonNullable<BedState[N]> {
    const found = this.#state[name];
    if (!found) {
      throw new NotFoundError(`${name} of the test bed is not started`);
    }
    return found;
  }

  /** @throws NotFoundError when it has to be built first */
  program(program: BedProgram): string {
    const found = findProgram(this.folder, program);
    if (!found) {
      throw new NotFoundError(
        `${program.name} is not built; "npm run bed:up" builds it`,
      );
    }
    return found;
  }

  /** A path of this run. */
  path(...names: string[]): string {
    return join(this.folder.run, ...names);
  }

  /** A port on loopback that is free now. */
  async port(): Promise<number> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    server.close();
    await once(server, 'close');
    if (address === null || typeof address === 'string') {
      throw new ServiceUnavailableError('A TCP server has no port');
    }
    return address.port;
  }

  start(options: Omit<ProcessOptions, 'layer'>): Promise<BedProcess> {
    return this.#processes.start({ ...options, layer: this.#layer });
  }

  /**
   * Asks until it does not throw any more.
   *
   * @throws ServiceUnavailableError when the process ends, or after three minutes
   */
  async until<T>(
    record: BedProcess,
    ask: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      try {
        return await ask(AbortSignal.timeout(REQUEST_MS));
      } catch (error) {
        await this.#processes.assertRunning(record);
        if (Date.now() > deadline) {
          throw new ServiceUnavailableError(
            `${record.name} of the test bed is not ready after ${
              PATIENCE_MS / 60_000
            } minutes: ${isError(error) ? error.message : 'unknown error'}`,
          );
        }
      }
      await pause(PAUSE_MS, undefined, { signal: this.#signal });
    }
  }
}

/** The body of an answer. @throws ServiceUnavailableError when it is none of success */
export async function fetchText(
  url: string,
  init: RequestInit = {},
): Promise<string> {
  const response = await fetch(url, {
    signal: AbortSignal.timeout(REQUEST_MS),
    ...init,
  });
  const text = await response.text();
  if (!response.ok) {
    throw new ServiceUnavailableError(
      `${init.method ?? 'GET'} ${url} answered ${response.status}: ${text.slice(
        0,
        300,
      )}`,
    );
  }
  return text;
}
