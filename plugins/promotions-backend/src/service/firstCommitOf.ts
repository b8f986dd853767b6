import { type ReleaseContent } from '@portico/plugin-promotions-common';
import { type SourceCommits } from '../diff/commits/SourceCommits';

/** More commits are not read; then the first of them is not known. */
const MOST_COMMITS = 100;

/**
 * When the first commit was written that a release brings and the one before it does not; of
 * the first release of a component its own commit counts.
 *
 * @returns undefined where that is not known, as of an older commit, of another repository,
 *   or of more commits than are read
 */
export async function firstCommitOf(
  commits: SourceCommits,
  options: {
    tenant: string;
    before: ReleaseContent | undefined;
    after: ReleaseContent;
  },
): Promise<Date | undefined> {
  const { items, reversed } = await commits.between(options);
  if (reversed || items.length >= MOST_COMMITS) {
    return undefined;
  }
  const times = (options.before?.source ? items : items.slice(0, 1)).map(
    ({ committedAt }) => Date.parse(committedAt),
  );
  return times.length > 0 ? new Date(Math.min(...times)) : undefined;
}
