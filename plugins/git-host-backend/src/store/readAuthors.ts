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

/**
 * Who wrote the commits in the history of one and not of another.
 *
 * @throws InputError when there are more commits than are looked through
 */
export async function readAuthors(options: {
  address: RepositoryAddress;
  processes: GitProcesses;
  gitDirectory: string;
  /** Ids of commits that exist. */
  commit: string;
  notIn: string | undefined;
}): Promise<CommitAuthor[]> {
  const { address, commit, notIn } = options;
  const { stdout } = await options.processes.run(
    [
      'log',
      '-z',
      `--max-count=${MOST_COMMITS + 1}`,
      `--format=${FORMAT}`,
      commit,
      ...(notIn === undefined ? [] : ['--not', notIn]),
      '--',
    ],
    { gitDirectory: options.gitDirectory },
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
