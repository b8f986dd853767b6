import { type NewEntry, TAIL_BATCH } from './TailQuery';

/**
 * New entries of several chains in one order: by time, and each chain in its own order
 * all the same. It ends where the first full batch ends, since what follows there may be
 * older than what other chains have left.
 *
 * @param entries - ordered by chain and sequence
 */
export function mergeNewEntries(entries: readonly NewEntry[]): NewEntry[] {
  const times = new Map<string, number>();
  const counts = new Map<string, number>();
  const timed = entries.map(entry => {
    const { chain, occurred_at } = entry;
    const time = Math.max(times.get(chain) ?? 0, occurred_at.getTime());
    times.set(chain, time);
    counts.set(chain, (counts.get(chain) ?? 0) + 1);
    return { entry, time };
  });
  const ends = [...counts].flatMap(([chain, count]) =>
    count >= TAIL_BATCH ? [times.get(chain) ?? 0] : [],
  );
  const end = Math.min(...ends, Infinity);
  return timed
    .filter(({ time }) => time <= end)
    .sort((one, other) => one.time - other.time)
    .map(({ entry }) => entry);
}
