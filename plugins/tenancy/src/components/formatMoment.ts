const format = new Intl.DateTimeFormat(undefined, {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  timeZoneName: 'short',
});

/** A moment in the language and time zone of the browser, and which zone that is. */
export function formatMoment(isoText: string): string {
  return format.format(new Date(isoText));
}
