import { createHash } from 'node:crypto';
import {
  appendFile,
  mkdir,
  open,
  readdir,
  readFile,
  rm,
} from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Run,
  type RunLog,
  runSchema,
} from '@portico/plugin-local-runtime-common';
import { writeFileWhole } from '../state/writeFileWhole';

const KEPT_PER_REPOSITORY = 30;
const LOG_CHUNK_BYTES = 256 * 1024;

/** Runs and their logs, one folder each; all of it is in memory as well, but the logs. */
export class RunStore {
  readonly #runs = new Map<string, Run>();
  readonly #logWrites = new Map<string, Promise<void>>();

  private constructor(private readonly folder: string) {}

  static async open(folder: string): Promise<RunStore> {
    const store = new RunStore(folder);
    for (const id of await readdir(folder)) {
      try {
        const text = await readFile(join(folder, id, 'run.json'), 'utf8');
        const run = runSchema.parse(JSON.parse(text));
        store.#runs.set(run.id, run);
      } catch {
        // Killed before the first write: the scan finds the commit again.
        await rm(join(folder, id), { recursive: true, force: true });
      }
    }
    return store;
  }

  /** The id of a run: the same commit never has two of the same attempt. */
  static idOf(
    tenant: string,
    repository: string,
    commit: string,
    attempt: number,
  ): string {
    const digest = createHash('sha256')
      .update(`${tenant}/${repository}/${commit}`)
      .digest('hex');
    return `${digest.slice(0, 24)}-${attempt}`;
  }

  get(id: string): Run | undefined {
    return this.#runs.get(id);
  }

  /** Runs of a repository, newest first. */
  ofRepository(tenant: string, repository: string): Run[] {
    return this.ofTenant(tenant).filter(run => run.repository === repository);
  }

  /** Runs of a tenant, newest first. */
  ofTenant(tenant: string): Run[] {
    return [...this.#runs.values()]
      .filter(run => run.tenant === tenant)
      .sort(
        (a, b) => b.queuedAt.localeCompare(a.queuedAt) || b.attempt - a.attempt,
      );
  }

  /** Runs that did not end, oldest first. */
  unended(): Run[] {
    return [...this.#runs.values()]
      .filter(({ state }) => state === 'queued' || state === 'running')
      .sort((a, b) => a.queuedAt.localeCompare(b.queuedAt));
  }

  /** Keeps a run as it is now, on the disk before in memory. */
  async put(run: Run): Promise<void> {
    const folder = join(this.folder, run.id);
    await mkdir(folder, { recursive: true });
    await writeFileWhole(join(folder, 'run.json'), JSON.stringify(run));
    this.#runs.set(run.id, run);
  }

  /** Begins the log anew. */
  async clearLog(id: string): Promise<void> {
    await rm(this.#logPath(id), { force: true });
  }

  /** Adds to the log; the order of the calls is kept. */
  appendLog(id: string, chunk: Buffer | string): Promise<void> {
    const written = (this.#logWrites.get(id) ?? Promise.resolve())
      .then(() => appendFile(this.#logPath(id), chunk))
      // A full disk must not end the run; its other limits do.
      .catch(() => {});
    this.#logWrites.set(id, written);
    void written.then(() => {
      if (this.#logWrites.get(id) === written) {
        this.#logWrites.delete(id);
      }
    });
    return written;
  }

  async readLog(run: Run, offset: number): Promise<RunLog> {
    await this.#logWrites.get(run.id);
    const isEnded = run.state !== 'queued' && run.state !== 'running';
    const file = await open(this.#logPath(run.id)).catch(() => undefined);
    if (file === undefined) {
      return { text: '', nextOffset: offset, complete: isEnded };
    }
    try {
      const { size } = await file.stat();
      const buffer = Buffer.alloc(
        Math.max(0, Math.min(LOG_CHUNK_BYTES, size - offset)),
      );
      const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
      const whole =
        offset + bytesRead < size || !isEnded
          ? wholeCharacters(buffer.subarray(0, bytesRead))
          : buffer.subarray(0, bytesRead);
      const nextOffset = offset + whole.length;
      return {
        text: whole.toString('utf8'),
        nextOffset,
        complete: isEnded && nextOffset >= size,
      };
    } finally {
      await file.close();
    }
  }

  /** Forgets the oldest runs of a repository above the number that is kept. */
  async prune(tenant: string, repository: string): Promise<void> {
    const old = this.ofRepository(tenant, repository)
      .slice(KEPT_PER_REPOSITORY)
      .filter(({ state }) => state !== 'queued' && state !== 'running');
    for (const { id } of old) {
      this.#runs.delete(id);
      await rm(join(this.folder, id), { recursive: true, force: true });
    }
  }

  #logPath(id: string): string {
    return join(this.folder, id, 'log.txt');
  }
}

/** Leaves out the beginning of a character at the end. */
export function wholeCharacters(bytes: Buffer): Buffer {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back];
    if (byte < 0x80) {
      return bytes;
    }
    if (byte >= 0xc0) {
      const length = 2 + Number(byte >= 0xe0) + Number(byte >= 0xf0);
      return back < length ? bytes.subarray(0, bytes.length - back) : bytes;
    }
  }
  return bytes;
}
