import { type GitObjects } from '../git/GitObjects';
import { readEntry } from './readEntry';

/** Beyond them one process of git is quicker. */
const MOST_STEPS = 32;
const MOST_KEPT = 5_000;

/**
 * Finds the commit that changed a path last, on the line of commits right behind a commit. Who
 * asks again a few commits later is answered from there.
 */
export class LastChanges {
  readonly #objects: GitObjects;
  /** By repository and path: the commit that was asked about, and what changed the path last. */
  readonly #known = new Map<string, { commit: string; last: string }>();

  constructor(options: { objects: GitObjects }) {
    this.#objects = options.objects;
  }

  /** @returns undefined where the line does not tell: it is too long, or there is a merge */
  async find(
    gitDirectory: string,
    start: string,
    path: string,
  ): Promise<string | undefined> {
    const known = this.#known.get(keyOf(gitDirectory, path));
    let commit = start;
    for (let step = 0; step < MOST_STEPS; step += 1) {
      if (known?.commit === commit) {
        return known.last;
      }
      const parents = await this.#parents(gitDirectory, commit);
      if (!parents || parents.length > 1) {
        return undefined;
      }
      const [parent] = parents;
      const [now, before] = await Promise.all([
        readEntry(this.#objects, gitDirectory, commit, path),
        parent === undefined
          ? undefined
          : readEntry(this.#objects, gitDirectory, parent, path),
      ]);
      if (now?.id !== before?.id || now?.mode !== before?.mode) {
        return commit;
      }
      if (parent === undefined) {
        return undefined;
      }
      commit = parent;
    }
    return undefined;
  }

  /** What is true of a commit stays so. */
  keep(
    gitDirectory: string,
    path: string,
    found: { commit: string; last: string },
  ): void {
    const key = keyOf(gitDirectory, path);
    this.#known.delete(key);
    this.#known.set(key, found);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_KEPT && oldest !== undefined) {
      this.#known.delete(oldest);
    }
  }

  async #parents(
    gitDirectory: string,
    commit: string,
  ): Promise<string[] | undefined> {
    const object = await this.#objects.read(gitDirectory, commit);
    const [head] = object?.content?.toString('utf8').split('\n\n', 1) ?? [];
    return head === undefined
      ? undefined
      : [...head.matchAll(/^parent ([0-9a-f]+)$/gm)].map(([, id]) => id);
  }
}

function keyOf(gitDirectory: string, path: string): string {
  return `${gitDirectory}\0${path}`;
}
