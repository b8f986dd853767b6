import { InputError } from '@backstage/errors';
import { z } from 'zod';

/**
 * The id of the event that a reader saw last, from the header `Last-Event-ID`.
 *
 * @throws InputError when it is no id of an event
 */
export function parseEventId(header: string): string {
  const id = z.uuid().safeParse(header);
  if (!id.success) {
    throw new InputError(
      'The header Last-Event-ID is no id of an event of this stream: leave it out',
    );
  }
  return id.data;
}
