import { spawn } from 'node:child_process';
import {
  mkdir,
  open,
  readdir,
  readFile,
  rm,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ServiceUnavailableError } from '@backstage/errors';
import { z } from 'zod';
import { type BedFolder } from '../BedFolder';
import { startOf } from './startOf';

const PATIENCE_MS = 15_000;
const PAUSE_MS = 100;

const recordSchema = z.object({
  name: z.string(),
  pid: z.number().int().positive(),
  start: z.string(),
  /** What needs others is stopped before them. */
  layer: z.number(),
});
/** A process of the bed that was started at some time. */
export type BedProcess = z.infer<typeof recordSchema>;

/** How a process is started. */
export interface ProcessOptions {
  name: string;
  command: string;
  args: readonly string[];
  environment?: NodeJS.ProcessEnv;
  cwd?: string;
  uid?: number;
  gid?: number;
  layer: number;
}

/**
 * The processes of a bed. They outlive whoever started them; a file for each says which it is,
 * so that nothing else is ever stopped.
 */
export class BedProcesses {
  readonly #folder: BedFolder;

  constructor(folder: BedFolder) {
    this.#folder = folder;
  }

  logOf(name: string): string {
    return join(this.#folder.logs, `${name}.log`);
  }

  /** Starts a process that stays; its words go to its log. */
  async start(options: ProcessOptions): Promise<BedProcess> {
    const { name, command, args, environment, cwd, uid, gid, layer } = options;
    await mkdir(this.#folder.logs, { recursive: true });
    await mkdir(this.#folder.processes, { recursive: true });
    const log = await open(this.logOf(name), 'w');
    try {
      const child = spawn(command, args, {
        cwd: cwd ?? this.#folder.run,
        env: environment ?? process.env,
        uid,
        gid,
        detached: true,
        stdio: ['ignore', log.fd, log.fd],
      });
      await new Promise((resolve, reject) => {
        child.once('spawn', resolve);
        child.once('error', reject);
      });
      child.unref();
      const pid = child.pid ?? 0;
      const start = await startOf(pid);
      if (start === undefined) {
        throw await this.#ended(name);
      }
      const record: BedProcess = { name, pid, start, layer };
      await writeFile(this.#fileOf(name), JSON.stringify(record));
      return record;
    } finally {
      await log.close();
    }
  }

  /** Those that run. */
  async list(): Promise<BedProcess[]> {
    const files = await readdir(this.#folder.processes).catch(() => []);
    const records = await Promise.all(
      files.map(async file =>
        recordSchema.parse(
          JSON.parse(
            await readFile(join(this.#folder.processes, file), 'utf8'),
          ),
        ),
      ),
    );
    const runs = await Promise.all(records.map(isRunning));
    return records.filter((_, index) => runs[index]);
  }

  /** @throws ServiceUnavailableError with its last words, when it ended */
  async assertRunning(record: BedProcess): Promise<void> {
    if (!(await isRunning(record))) {
      throw await this.#ended(record.name);
    }
  }

  /** Stops all that run: first what needs others, and what does not end by itself by force. */
  async stopAll(): Promise<string[]> {
    const running = await this.list();
    const layers = [...new Set(running.map(({ layer }) => layer))].sort(
      (a, b) => b - a,
    );
    for (const layer of layers) {
      await Promise.all(
        running.filter(one => one.layer === layer).map(stopProcess),
      );
    }
    await rm(this.#folder.processes, { recursive: true, force: true });
    return running.map(({ name }) => name);
  }

  #fileOf(name: string): string {
    return join(this.#folder.processes, `${name}.json`);
  }

  async #ended(name: string): Promise<Error> {
    const said = await readFile(this.logOf(name), 'utf8').catch(() => '');
    return new ServiceUnavailableError(
      `${name} of the test bed ended; its log ${this.logOf(
        name,
      )} ends with: ${said.trim().slice(-1000)}`,
    );
  }
}

async function isRunning({ pid, start }: BedProcess): Promise<boolean> {
  return (await startOf(pid)) === start;
}

async function stopProcess(record: BedProcess): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    const deadline = Date.now() + PATIENCE_MS;
    if (await isRunning(record)) {
      process.kill(record.pid, signal);
    }
    while (Date.now() < deadline) {
      if (!(await isRunning(record))) {
        return;
      }
      await pause(PAUSE_MS);
    }
  }
  throw new ServiceUnavailableError(
    `${record.name} of the test bed (process ${record.pid}) does not end`,
  );
}
