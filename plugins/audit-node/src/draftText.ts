import { InputError } from '@backstage/errors';
import {
  type AuditDraft,
  MAXIMUM_ENTRY_BYTES,
  personalValueSchema,
} from '@portico/plugin-audit-common';

/** What the chain adds to a draft: version, sequence, id, time and the hash before. */
const ENVELOPE_BYTES = 512;

/** Stands for a commitment: all are of this length. */
const COMMITMENT = { $personal: `sha256:${'0'.repeat(64)}` };

/**
 * The text of a draft as the outbox keeps it. Characters that the chain or PostgreSQL
 * cannot hold are replaced, so that nothing gets in which the relay could not take out.
 *
 * @throws InputError when the entry, or the draft itself, would be too large
 */
export function draftText(draft: AuditDraft): string {
  let committed = 0;
  const text = JSON.stringify(draft, (_key, value: unknown) => {
    if (typeof value === 'string') {
      return storable(value);
    }
    if (isObject(value)) {
      if (personalValueSchema.safeParse(value).success) {
        // In the entry a commitment stands in its place.
        committed +=
          bytesOf(JSON.stringify(COMMITMENT)) - bytesOf(JSON.stringify(value));
      }
      return storableKeys(value);
    }
    return value;
  });
  const bytes = Math.max(bytesOf(text), bytesOf(text) + committed);
  if (bytes + ENVELOPE_BYTES > MAXIMUM_ENTRY_BYTES) {
    throw new InputError(
      `The audit entry of ${draft.act} has ${bytes} bytes, at most ${
        MAXIMUM_ENTRY_BYTES - ENVELOPE_BYTES
      } are kept: record a digest instead`,
    );
  }
  return text;
}

function storable(text: string): string {
  return text.replace(/\p{Surrogate}|\0/gu, '\ufffd');
}

function storableKeys(value: object): object {
  return Object.keys(value).some(key => storable(key) !== key)
    ? Object.fromEntries(
        Object.entries(value).map(([key, member]) => [storable(key), member]),
      )
    : value;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}
