import { InputError } from '@backstage/errors';

/**
 * A place among the events: first the transaction that wrote them, then their number. By
 * number alone an event could come into sight before one with a smaller number.
 */
export interface EventPosition {
  /** Id of the transaction, digits only. */
  writer: string;
  /** Number of the event, digits only. */
  sequence: string;
}

const MOST_DIGITS = 18;
const form = new RegExp(`^(\\d{1,${MOST_DIGITS}})-(\\d{1,${MOST_DIGITS}})$`);

/** The id of an event in a stream. */
export function eventId({ writer, sequence }: EventPosition): string {
  return `${writer}-${sequence}`;
}

/**
 * The event that a reader saw last.
 *
 * @throws InputError when the header is no id of an event
 */
export function parseEventId(header: string): EventPosition {
  const [, writer, sequence] = form.exec(header) ?? [];
  if (writer === undefined || sequence === undefined) {
    throw new InputError(
      'The header Last-Event-ID is no id of an event of this stream: leave it out',
    );
  }
  return { writer, sequence };
}
