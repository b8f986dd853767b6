import { formatMoment } from '@portico/plugin-tenancy';

/** A moment with the time zone of the browser, for programs too. */
export function Moment(props: { at: string }) {
  return <time dateTime={props.at}>{formatMoment(props.at)}</time>;
}
