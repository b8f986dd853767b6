const format = new Intl.DateTimeFormat(undefined, {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZoneName: 'short',
});

/** A moment with the time zone of the browser. */
export function formatMoment(moment: Date | string): string {
  return format.format(new Date(moment));
}
