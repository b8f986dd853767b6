const toTheSecond = {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
} as const;

const local = new Intl.DateTimeFormat(undefined, toTheSecond);

const thisYear = new Intl.DateTimeFormat(undefined, {
  ...toTheSecond,
  year: undefined,
});

const absolute = new Intl.DateTimeFormat(undefined, {
  ...toTheSecond,
  timeZoneName: 'short',
});

const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });

const steps = [
  ['day', 24 * 60 * 60],
  ['hour', 60 * 60],
  ['minute', 60],
] as const;

/** A moment to the second, with the time zone of the browser. */
export function formatMoment(isoText: string): string {
  return absolute.format(new Date(isoText));
}

/**
 * A moment to the second, and apart from it the time zone that it is told in.
 *
 * @param now - the year is left out of moments of the same year
 */
export function momentAndZone(
  isoText: string,
  now: Date,
): { moment: string; zone: string } {
  const date = new Date(isoText);
  const format = now.getFullYear() === date.getFullYear() ? thisYear : local;
  return {
    moment: format.format(date),
    zone:
      absolute.formatToParts(date).find(({ type }) => type === 'timeZoneName')
        ?.value ?? '',
  };
}

/** How long ago a moment is, in the largest unit that fits. */
export function formatAge(isoText: string, now: Date): string {
  const seconds = (new Date(isoText).getTime() - now.getTime()) / 1000;
  for (const [unit, length] of steps) {
    if (Math.abs(seconds) >= length) {
      return relative.format(Math.trunc(seconds / length), unit);
    }
  }
  return relative.format(Math.trunc(seconds), 'second');
}
