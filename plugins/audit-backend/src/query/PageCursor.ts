import { createHash } from 'crypto';
import { InputError } from '@backstage/errors';
import { type AuditFilter, chainSchema } from '@portico/plugin-audit-common';
import { canonicalJson } from '@portico/plugin-audit-common/chain';
import { z } from 'zod';

/** Where an entry stands among all: pages are in this order, backwards. */
export interface EntryPosition {
  occurredAt: string;
  chain: string;
  sequence: number;
}

const cursorSchema = z.tuple([
  z.literal(1),
  z.iso.datetime({ precision: 3 }),
  chainSchema,
  z.number().int().positive(),
  z.string(),
]);

/**
 * The cursor to read on behind an entry. It holds for one filter only: with another one
 * the pages would not belong together.
 */
export function writeCursor(
  position: EntryPosition,
  filter: AuditFilter,
): string {
  const { occurredAt, chain, sequence } = position;
  const cursor: z.infer<typeof cursorSchema> = [
    1,
    occurredAt,
    chain,
    sequence,
    filterDigest(filter),
  ];
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

/**
 * The position that a cursor stands for. It says where to go on and nothing about what
 * may be read, so it needs no signature.
 *
 * @throws InputError when it is no cursor, or one of another filter
 */
export function readCursor(cursor: string, filter: AuditFilter): EntryPosition {
  const result = cursorSchema.safeParse(parseJson(cursor));
  if (!result.success) {
    throw new InputError(
      'The cursor is none of this list: leave it out to start at the newest entry',
    );
  }
  const [, occurredAt, chain, sequence, digest] = result.data;
  if (digest !== filterDigest(filter)) {
    throw new InputError(
      'The cursor belongs to another filter: leave it out to start at the newest entry',
    );
  }
  return { occurredAt, chain, sequence };
}

function parseJson(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

function filterDigest(filter: AuditFilter): string {
  return createHash('sha256')
    .update(canonicalJson(filter))
    .digest('base64url')
    .slice(0, 16);
}
