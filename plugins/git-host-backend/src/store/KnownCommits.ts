import { lstat } from 'node:fs/promises';

const MOST = 10_000;

/** Commits that were seen in a repository: since commits do not change, they still are there. */
export class KnownCommits {
  readonly #keys = new Set<string>();

  /** @param folder - where the repository lies */
  async add(folder: string, commit: string): Promise<void> {
    if (this.#keys.size >= MOST) {
      this.#keys.clear();
    }
    this.#keys.add(await keyOf(folder, commit));
  }

  async has(folder: string, commit: string): Promise<boolean> {
    return this.#keys.has(await keyOf(folder, commit));
  }
}

/** A repository that was deleted and made anew is another folder. */
async function keyOf(folder: string, commit: string): Promise<string> {
  const { ino, birthtimeMs } = await lstat(folder);
  return `${ino} ${birthtimeMs} ${commit}`;
}
