import { type HostedCommit } from './GitHostClient';

/** By time, as hosts do not say in which order they compare; the given order counts within one. */
export function newestFirst(commits: readonly HostedCommit[]): HostedCommit[] {
  const times = commits.map(({ committedAt }) => Date.parse(committedAt));
  // Oldest first is seen by its ends.
  const isOldestFirst = times.length > 1 && times[0] < times[times.length - 1];
  return (isOldestFirst ? [...commits].reverse() : [...commits]).sort(
    (one, other) => Date.parse(other.committedAt) - Date.parse(one.committedAt),
  );
}
