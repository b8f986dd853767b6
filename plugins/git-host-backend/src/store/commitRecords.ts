import { InputError } from '@backstage/errors';
import { type Commit } from '@portico/plugin-git-host-common';
import { type LogOptions } from '@portico/plugin-git-host-node';

/** Format of `git log -z` that {@link parseCommits} reads. */
export const COMMIT_FORMAT = '%H%n%an%n%ae%n%cI%n%s%n%(trailers:only,unfold)';

const TRAILER = /^([A-Za-z][A-Za-z0-9-]*): (.*)$/;

/** Reads what `git log -z` wrote in {@link COMMIT_FORMAT}. */
export function parseCommits(output: Buffer): Commit[] {
  return output.toString('utf8').split('\0').filter(Boolean).map(parseCommit);
}

function parseCommit(record: string): Commit {
  const [id, authorName, authorEmail, committedAt, subject, ...rest] =
    record.split('\n');
  const trailers: Record<string, string> = {};
  for (const line of rest) {
    const match = TRAILER.exec(line);
    if (match) {
      trailers[match[1]] = match[2];
    }
  }
  return { id, authorName, authorEmail, committedAt, subject, trailers };
}

/** @throws InputError for a trailer that no commit can have */
export function assertTrailer(trailer: LogOptions['trailer']): void {
  // A newline would make two patterns of it.
  if (trailer && !TRAILER.test(`${trailer.name}: ${trailer.value}`)) {
    throw new InputError(
      'A Git trailer is a name of letters, digits and hyphens, and a value of one line',
    );
  }
}
