const absolute = new Intl.DateTimeFormat(undefined, {
  dateStyle: 'medium',
  timeStyle: 'long',
});
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'long' });

/** Date and time in the reader's place, with the zone that it is told in. */
export function formatMoment(time: string): string {
  return absolute.format(new Date(time));
}

/** Time of the day with its zone, for what is near. */
export function formatClock(time: string): string {
  return clock.format(new Date(time));
}

/** `1 min 5 s` between two moments; undefined while one is missing. */
export function formatDuration(
  from: string | undefined,
  to: string | undefined,
): string | undefined {
  if (from === undefined || to === undefined) {
    return undefined;
  }
  const seconds = Math.max(0, (Date.parse(to) - Date.parse(from)) / 1_000);
  if (seconds < 10) {
    return `${seconds.toFixed(1)} s`;
  }
  const whole = Math.round(seconds);
  return whole < 60
    ? `${whole} s`
    : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
