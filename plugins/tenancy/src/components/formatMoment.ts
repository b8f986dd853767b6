const format = new Intl.DateTimeFormat(undefined, {
  dateStyle: 'medium',
  timeStyle: 'short',
});

/** A moment in the language and time zone of the browser. */
export function formatMoment(isoText: string): string {
  return format.format(new Date(isoText));
}
