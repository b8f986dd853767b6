import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { isError } from '@backstage/errors';

const compress = promisify(deflate);
const READ_ONLY = 0o444;

/**
 * Writes objects into a repository, each a file of its own, as git does with few of them.
 * Nobody sees half of one: it gets its name when it is complete.
 *
 * Source of the format: the Git book, "Git Internals", "Object Storage".
 */
export class LooseObjects {
  readonly #gitDirectory: string;
  readonly #algorithm: 'sha1' | 'sha256';

  /** @param commit - of the repository; its length tells how ids are made there */
  constructor(options: { gitDirectory: string; commit: string }) {
    this.#gitDirectory = options.gitDirectory;
    this.#algorithm = options.commit.length === 40 ? 'sha1' : 'sha256';
  }

  /** @returns the id of the object */
  async write(
    type: 'blob' | 'tree' | 'commit',
    content: Buffer,
  ): Promise<string> {
    const whole = Buffer.concat([
      Buffer.from(`${type} ${content.length}\0`),
      content,
    ]);
    const id = createHash(this.#algorithm).update(whole).digest('hex');
    const folder = join(this.#gitDirectory, 'objects', id.slice(0, 2));
    const file = join(folder, id.slice(2));
    if (await isThere(file)) {
      return id;
    }
    await mkdir(folder, { recursive: true });
    // Git removes files of this name that a kill has left.
    const temporary = join(folder, `tmp_obj_${randomUUID()}`);
    await writeFile(temporary, await compress(whole), { mode: READ_ONLY });
    await rename(temporary, file);
    return id;
  }
}

/** What was touched now is not taken for garbage while nothing refers to it yet. */
async function isThere(file: string): Promise<boolean> {
  const now = new Date();
  try {
    await utimes(file, now, now);
    return true;
  } catch (error) {
    if (isError(error) && error.code === 'ENOENT') {
      return false;
    }
    throw error;
  }
}
