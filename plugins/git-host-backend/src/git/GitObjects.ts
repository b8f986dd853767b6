import { lstat } from 'node:fs/promises';
import { type GitProcesses } from './GitProcesses';
import { type GitObject, ObjectReader } from './ObjectReader';

const MOST_PROCESSES = 16;
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * Reads objects of repositories. Starting a process costs a hundred times as much as an answer
 * does, so the one that reads a repository stays for some seconds and is asked again.
 *
 * Source of the format: git-cat-file(1), `--batch`.
 */
export class GitObjects {
  readonly #processes: GitProcesses;
  /** The one that was asked last comes last. */
  readonly #readers = new Map<string, ObjectReader>();

  constructor(options: { processes: GitProcesses }) {
    this.#processes = options.processes;
  }

  /**
   * @param gitDirectory - of the repository
   * @param name - an id, or what lies at one: `<commit>:<path>`, `<id>^{commit}`
   * @param maxBytes - what is larger comes without content; 16 MiB without it
   * @returns undefined when there is no such object
   * @throws GitCommandError when git does not answer
   */
  async read(
    gitDirectory: string,
    name: string,
    maxBytes: number = MOST_BYTES,
  ): Promise<GitObject | undefined> {
    // A repository that was deleted and made anew is another folder.
    const { ino, birthtimeMs } = await lstat(gitDirectory);
    const key = `${gitDirectory} ${ino} ${birthtimeMs}`;
    const reader =
      this.#readers.get(key) ??
      new ObjectReader({
        processes: this.#processes,
        gitDirectory,
        onEnd: ended => {
          if (this.#readers.get(key) === ended) {
            this.#readers.delete(key);
          }
        },
      });
    this.#readers.delete(key);
    this.#readers.set(key, reader);
    const [oldest] = this.#readers;
    if (this.#readers.size > MOST_PROCESSES && oldest) {
      this.#readers.delete(oldest[0]);
      oldest[1].finish();
    }
    return reader.read(name, maxBytes);
  }
}
