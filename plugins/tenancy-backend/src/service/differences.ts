import { isDeepStrictEqual } from 'util';
import { type JsonObject } from '@backstage/types';

/**
 * The members that differ, on both sides; all of them where nothing was before.
 *
 * @returns undefined when nothing differs
 */
export function differences(
  before: JsonObject | undefined,
  after: JsonObject,
): { before?: JsonObject; after: JsonObject } | undefined {
  if (!before) {
    return { after };
  }
  const keys = Object.keys(after).filter(
    key => !isDeepStrictEqual(before[key], after[key]),
  );
  return keys.length > 0
    ? { before: pick(before, keys), after: pick(after, keys) }
    : undefined;
}

function pick(fields: JsonObject, keys: string[]): JsonObject {
  return Object.fromEntries(keys.map(key => [key, fields[key]]));
}
