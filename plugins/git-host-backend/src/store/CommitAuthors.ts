import { InputError } from '@backstage/errors';
import {
  type CommitAuthor,
  type RepositoryAddress,
} from '@portico/plugin-git-host-node';
import { type GitProcesses } from '../git/GitProcesses';

const MOST_COMMITS = 20_000;

/** Author as the commit says it: a `.mailmap` could hide who it was. */
const FORMAT =
  '%an%x1f%ae%x1f%(trailers:key=Co-authored-by,valueonly,unfold,separator=%x1f)';

const MOST_KEPT = 200;

/** Whose commits are asked for. */
interface AuthorsQuestion {
  address: RepositoryAddress;
  gitDirectory: string;
  /** Ids of commits that exist. */
  commit: string;
  notIn: string | undefined;
}

/** Tells who wrote commits; what is true of two commits stays so. */
export class CommitAuthors {
  readonly #processes: GitProcesses;
  readonly #known = new Map<string, Promise<CommitAuthor[]>>();

  constructor(options: { processes: GitProcesses }) {
    this.#processes = options.processes;
  }

  /**
   * Who wrote the commits in the history of one and not of another.
   *
   * @throws InputError when there are more commits than are looked through
   */
  read(question: AuthorsQuestion): Promise<CommitAuthor[]> {
    const { gitDirectory, commit, notIn } = question;
    const key = JSON.stringify([gitDirectory, commit, notIn]);
    const known = this.#known.get(key);
    if (known) {
      return known;
    }
    const authors = this.#read(question);
    this.#known.set(key, authors);
    authors.catch(() => this.#known.delete(key));
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_KEPT && oldest !== undefined) {
      this.#known.delete(oldest);
    }
    return authors;
  }

  async #read(question: AuthorsQuestion): Promise<CommitAuthor[]> {
    const { address, commit, notIn, gitDirectory } = question;
    const { stdout } = await this.#processes.run(
      [
        'log',
        '-z',
        `--max-count=${MOST_COMMITS + 1}`,
        `--format=${FORMAT}`,
        commit,
        ...(notIn === undefined ? [] : ['--not', notIn]),
        '--',
      ],
      { gitDirectory },
    );
    const records = stdout.toString('utf8').split('\0').filter(Boolean);
    if (records.length > MOST_COMMITS) {
      throw new InputError(
        `More than ${MOST_COMMITS} commits of '${address.tenant}/${address.repository}' are new at ${commit}: nobody can tell who wrote all of them`,
      );
    }
    const authors = new Map<string, CommitAuthor>();
    for (const author of records.flatMap(parseRecord)) {
      const key = author.email.toLowerCase();
      authors.set(key, authors.get(key) ?? author);
    }
    return [...authors.values()];
  }
}

function parseRecord(record: string): CommitAuthor[] {
  const [name = '', email = '', ...others] = record.split('\x1f');
  return [
    { name, email },
    ...others.flatMap(other => {
      const match = /^(.*?)\s*<([^<>\s]+)>\s*$/.exec(other);
      return match ? [{ name: match[1] ?? '', email: match[2] ?? '' }] : [];
    }),
  ];
}
