import { type Deployment } from '@portico/plugin-promotions-common';

/** A time without a break in which a release was what runs in an environment. */
export interface Stay {
  from: Date;
  /** Missing while it lasts. */
  to?: Date;
  /** What came next took it back. */
  endedByRollback: boolean;
}

/**
 * The stays of a release, oldest first. A stay begins when a deployment of the release
 * succeeded, and ends when the next deployment of anything else begins, or when one fails:
 * what runs afterwards is not known. The same release once more is no break.
 *
 * @param deployments - of one environment, in any order
 */
export function staysOf(
  release: string,
  deployments: readonly Deployment[],
): Stay[] {
  const stays: Stay[] = [];
  let open: Stay | undefined;
  const inOrder = [...deployments].sort(
    (one, other) => Date.parse(one.finishedAt) - Date.parse(other.finishedAt),
  );
  for (const deployment of inOrder) {
    const arrived =
      deployment.release === release && deployment.result === 'succeeded';
    if (arrived && !open) {
      open = { from: new Date(deployment.finishedAt), endedByRollback: false };
      stays.push(open);
    }
    if (!arrived && open) {
      open.to = new Date(
        Math.max(Date.parse(deployment.startedAt), open.from.getTime()),
      );
      open.endedByRollback =
        deployment.kind === 'rollback' || deployment.release === release;
      open = undefined;
    }
  }
  return stays;
}

/** The longest of stays that are over; none that was ended by a rollback. */
export function longestStay(
  stays: readonly Stay[],
): { stay: Stay; milliseconds: number } | undefined {
  return stays
    .flatMap(stay =>
      stay.to && !stay.endedByRollback
        ? [{ stay, milliseconds: stay.to.getTime() - stay.from.getTime() }]
        : [],
    )
    .sort((one, other) => other.milliseconds - one.milliseconds)[0];
}
