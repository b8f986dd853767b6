import { randomUUID } from 'crypto';
import { constants } from 'fs';
import { link, mkdir, open, readFile, unlink } from 'fs/promises';
import { dirname, join, resolve } from 'path';
import { isError } from '@backstage/errors';
import {
  type CheckpointDestination,
  type CheckpointFile,
  type DeliveryOutcome,
} from './CheckpointDestination';

/** A folder; put it on another disk or machine than the database's. */
export class FileDestination implements CheckpointDestination {
  readonly type = 'file';
  readonly name: string;
  readonly #directory: string;

  constructor(options: { name: string; directory: string }) {
    this.name = options.name;
    this.#directory = resolve(options.directory);
  }

  async deliver(
    files: readonly CheckpointFile[],
    signal: AbortSignal,
  ): Promise<DeliveryOutcome[]> {
    const outcomes: DeliveryOutcome[] = [];
    for (const file of files) {
      signal.throwIfAborted();
      outcomes.push(await this.#put(file));
    }
    return outcomes;
  }

  async close(): Promise<void> {}

  async #put(file: CheckpointFile): Promise<DeliveryOutcome> {
    const path = join(this.#directory, file.name);
    const folder = dirname(path);
    await mkdir(folder, { recursive: true });
    // A link to a finished file: never half of one, and never in place of another.
    const temporary = join(folder, `.${randomUUID()}`);
    const handle = await open(
      temporary,
      constants.O_CREAT + constants.O_EXCL + constants.O_WRONLY,
      0o644,
    );
    try {
      await handle.writeFile(file.note);
      await handle.sync();
      await link(temporary, path);
    } catch (error) {
      if (!isError(error) || error.code !== 'EEXIST') {
        throw error;
      }
      return (await readFile(path, 'utf8')) === file.note
        ? 'delivered'
        : 'conflict';
    } finally {
      await handle.close();
      await unlink(temporary);
    }
    const opened = await open(folder);
    try {
      await opened.sync();
    } finally {
      await opened.close();
    }
    return 'delivered';
  }
}
