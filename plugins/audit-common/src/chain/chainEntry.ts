import { InputError } from '@backstage/errors';
import { type JsonObject } from '@backstage/types';
import { type AuditEntry, MAXIMUM_ENTRY_BYTES } from '../entry';
import { canonicalJson } from './canonicalJson';
import { digestText } from './digestText';
import { entryHash } from './entryHash';

/** A draft whose personal data are replaced by commitments: see `replacePersonal`. */
export type CommittedDraft = Omit<
  AuditEntry,
  'version' | 'sequence' | 'previous' | 'id' | 'occurredAt'
>;

/** An entry in the form in which it is kept, hashed and verified. */
export interface ChainedEntry {
  entry: AuditEntry;
  /** Canonical JSON of the entry. */
  text: string;
  hash: Buffer;
}

/**
 * Puts a draft at its place in the chain.
 *
 * @throws InputError when the entry is too large or has no canonical form
 */
export function chainEntry(options: {
  draft: CommittedDraft;
  id: string;
  occurredAt: Date;
  /** From 1, without gaps. */
  sequence: number;
  /** Hash of the entry before; `genesisHash` for the first. */
  previous: Buffer;
}): ChainedEntry {
  const { draft, id, occurredAt, sequence, previous } = options;
  const entry: AuditEntry = {
    ...draft,
    version: 1,
    sequence,
    previous: digestText(previous),
    id,
    occurredAt: occurredAt.toISOString(),
  };
  // Optional members may be undefined, which canonicalJson leaves out.
  const text = canonicalJson(entry as JsonObject);
  const bytes = Buffer.byteLength(text);
  if (bytes > MAXIMUM_ENTRY_BYTES) {
    throw new InputError(
      `The audit entry of ${draft.act} has ${bytes} bytes, at most ${MAXIMUM_ENTRY_BYTES} are kept: record a digest instead`,
    );
  }
  return { entry, text, hash: entryHash(text) };
}
