import { createHash } from 'node:crypto';
import { mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConflictError } from '@backstage/errors';
import { z } from 'zod';
import { errorCode } from '../errorCode';
import { startOfProcess } from '../process/processTable';

const ownerSchema = z.object({ pid: z.number().int(), start: z.string() });

/** The folder in which the runtime keeps everything; one process at a time has it. */
export class StateFolder {
  private constructor(
    readonly path: string,
    /** Marks processes of this folder; the same after each start. */
    readonly mark: string,
    private readonly owner: string,
  ) {}

  /**
   * Takes the folder.
   *
   * @throws ConflictError when a running process has it
   */
  static async take(directory: string): Promise<StateFolder> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const path = await realpath(directory);
    const owner = JSON.stringify({
      pid: process.pid,
      start: await startOfProcess(process.pid),
    });
    const file = join(path, 'owner.json');
    for (;;) {
      try {
        await writeFile(file, owner, { flag: 'wx' });
        break;
      } catch (error) {
        if (errorCode(error) !== 'EEXIST') {
          throw error;
        }
      }
      const before = await readOwner(file);
      // A number alone may have gone to another program since.
      if (before && (await startOfProcess(before.pid)) === before.start) {
        throw new ConflictError(
          `The local runtime already runs on ${path} (process ${before.pid}): stop it first.`,
        );
      }
      await rm(file, { force: true });
    }
    const mark = createHash('sha256').update(path).digest('hex').slice(0, 16);
    const state = new StateFolder(path, mark, owner);
    for (const folder of [
      state.work,
      state.runs,
      state.artefacts,
      state.modules,
      state.npmCache,
      state.services,
    ]) {
      await mkdir(folder, { recursive: true });
    }
    return state;
  }

  /** Folders of runs that are being done, and files that are not complete. */
  get work(): string {
    return join(this.path, 'work');
  }

  /** Throws away what a killed runtime left, once its processes are gone. */
  async clearWork(): Promise<void> {
    await rm(this.work, { recursive: true, force: true, maxRetries: 3 });
    await mkdir(this.work);
  }

  get runs(): string {
    return join(this.path, 'runs');
  }

  get artefacts(): string {
    return join(this.path, 'artefacts');
  }

  /** Installed packages per tenant, by what was asked for. */
  get modules(): string {
    return join(this.path, 'modules');
  }

  /** The download cache of npm, checked by npm against the lockfile's digests. */
  get npmCache(): string {
    return join(this.path, 'npm');
  }

  get services(): string {
    return join(this.path, 'services');
  }

  /** Gives the folder up, so that another process can take it. */
  async release(): Promise<void> {
    const file = join(this.path, 'owner.json');
    if ((await readFile(file, 'utf8').catch(() => '')) === this.owner) {
      await rm(file, { force: true });
    }
  }
}

async function readOwner(file: string) {
  try {
    return ownerSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    // written in part by a process that was killed
    return undefined;
  }
}
