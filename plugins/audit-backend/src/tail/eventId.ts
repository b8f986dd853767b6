import { InputError } from '@backstage/errors';
import { chainSchema } from '@portico/plugin-audit-common';
import { z } from 'zod';

const lastEventSchema = z.tuple([
  chainSchema,
  z.coerce.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER),
]);

/** An entry as the id of an event names it: `<chain>:<sequence>`. */
export interface EntryAddress {
  chain: string;
  sequence: number;
}

/** The id of the event of an entry. */
export function eventId({ chain, sequence }: EntryAddress): string {
  return `${chain}:${sequence}`;
}

/**
 * The entry that a reader saw last.
 *
 * @throws InputError when the header is no id of an event
 */
export function parseEventId(header: string): EntryAddress {
  const result = lastEventSchema.safeParse(header.split(':'));
  if (!result.success) {
    throw new InputError(
      'The header Last-Event-ID is no id of an event: expected <chain>:<sequence>',
    );
  }
  const [chain, sequence] = result.data;
  return { chain, sequence };
}
