const absolute = new Intl.DateTimeFormat(undefined, {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZoneName: 'short',
});

/** A moment with the time zone of the browser, for programs too. */
export function Moment(props: { at: string }) {
  return <time dateTime={props.at}>{absolute.format(new Date(props.at))}</time>;
}
