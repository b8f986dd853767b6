import { InputError } from '@backstage/errors';
import { type z } from 'zod';

/** The place in a list behind which the next page begins, as a caller hands it back. */
export function writeCursor(position: readonly string[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/**
 * Reads a place that {@link writeCursor} wrote.
 *
 * @throws InputError for anything else
 */
export function readCursor<T>(cursor: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(
      JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')),
    );
  } catch {
    throw new InputError(
      'The cursor is wrong: take it from the answer before, as it is',
    );
  }
}

/** Cuts a list that was read with one more than asked for. */
export function toPage<T>(
  rows: readonly T[],
  limit: number,
  positionOf: (last: T) => readonly string[],
): { items: T[]; nextCursor?: string } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    ...(rows.length > limit &&
      last !== undefined && { nextCursor: writeCursor(positionOf(last)) }),
  };
}
