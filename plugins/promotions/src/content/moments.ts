const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'always' });

const steps = [
  ['day', 24 * 60 * 60],
  ['hour', 60 * 60],
  ['minute', 60],
] as const;

/** How far a moment is away, in the largest unit that fits: `3 hours ago`, `in 2 days`. */
export function formatDistance(isoText: string, now: Date): string {
  const seconds = (new Date(isoText).getTime() - now.getTime()) / 1_000;
  for (const [unit, length] of steps) {
    if (Math.abs(seconds) >= length) {
      return relative.format(Math.trunc(seconds / length), unit);
    }
  }
  return relative.format(Math.trunc(seconds), 'second');
}
