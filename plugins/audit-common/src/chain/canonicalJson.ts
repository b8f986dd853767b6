import { InputError } from '@backstage/errors';
import { type JsonValue } from '@backstage/types';

/**
 * The canonical text of a JSON value: RFC 8785 (JSON Canonicalization Scheme).
 *
 * Keys are sorted by UTF-16 code units, numbers and strings are written as ECMAScript
 * does, and nothing stands between tokens. `undefined` members are left out, as JSON
 * does.
 *
 * @throws InputError for what has no canonical form: numbers that are not finite, lone
 *   surrogates, and values that JSON does not know
 */
export function canonicalJson(value: JsonValue | undefined): string {
  // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- what JSON does not know is refused by default
  switch (typeof value) {
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      if (!Number.isFinite(value)) {
        throw new InputError(`${value} has no canonical JSON`);
      }
      return JSON.stringify(value);
    case 'string':
      return canonicalString(value);
    case 'object':
      return value === null ? 'null' : canonicalObject(value);
    default:
      throw new InputError(`A ${typeof value} has no canonical JSON`);
  }
}

function canonicalObject(value: object): string {
  if (Array.isArray(value)) {
    return `[${value.map(item => canonicalJson(item)).join(',')}]`;
  }
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, member]) => `${canonicalString(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

function canonicalString(text: string): string {
  if (/\p{Surrogate}/u.test(text)) {
    throw new InputError('A text with half a character has no canonical JSON');
  }
  return JSON.stringify(text);
}
