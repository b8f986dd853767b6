import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { ServiceUnavailableError } from '@backstage/errors';
import { z } from 'zod';
import { errorCode } from '../errorCode';
import { writeFileWhole } from '../state/writeFileWhole';

const bookSchema = z.record(z.string(), z.number().int());
const HIGHEST_PORT = 32_000;
// Browsers refuse it.
const REFUSED_PORTS = new Set([10_080]);

/** Which port each component has in each environment, for good. */
export class PortBook {
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly path: string,
    private readonly first: number,
    private readonly host: string,
    private readonly ports: Map<string, number>,
  ) {}

  static async open(options: {
    path: string;
    firstPort: number;
    host: string;
  }): Promise<PortBook> {
    let ports: Record<string, number> = {};
    try {
      ports = bookSchema.parse(
        JSON.parse(await readFile(options.path, 'utf8')),
      );
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') {
        throw error;
      }
    }
    return new PortBook(
      options.path,
      options.firstPort,
      options.host,
      new Map(Object.entries(ports)),
    );
  }

  /** The port of a service: the one it has had, else the next that is free. */
  portOf(key: string): Promise<number> {
    const turn = this.#turn.then(async () => {
      const known = this.ports.get(key);
      if (known !== undefined) {
        return known;
      }
      const taken = new Set(this.ports.values());
      for (let port = this.first; port < HIGHEST_PORT; port += 1) {
        if (
          !taken.has(port) &&
          !REFUSED_PORTS.has(port) &&
          (await isFree(this.host, port))
        ) {
          this.ports.set(key, port);
          await writeFileWhole(
            this.path,
            JSON.stringify(Object.fromEntries(this.ports)),
          );
          return port;
        }
      }
      throw new ServiceUnavailableError(
        `There is no free port from ${this.first} to ${HIGHEST_PORT} for ${key}.`,
      );
    });
    this.#turn = turn.catch(() => {});
    return turn;
  }
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

/** A port that nothing listens on at this moment. */
export function findFreePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, host, () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address !== null
          ? resolve(address.port)
          : reject(new Error('no port')),
      );
    });
  });
}
