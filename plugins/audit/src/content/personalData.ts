import {
  type AuditEntryView,
  type Commitment,
  commitmentSchema,
} from '@portico/plugin-audit-common';

/** What the reader may know of a personal datum. */
export type KnownDatum =
  | { state: 'known'; value: string }
  | { state: 'erased' | 'hidden'; pseudonym: string };

const PSEUDONYM_DIGITS = 6;

/** What a text or commitment of an entry says to this reader. */
export function readDatum(
  value: string | Commitment,
  view: AuditEntryView,
): KnownDatum {
  if (typeof value === 'string') {
    return { state: 'known', value };
  }
  const commitment = value.$personal;
  const disclosed = view.disclosed[commitment];
  if (disclosed !== undefined) {
    return { state: 'known', value: disclosed };
  }
  return {
    state: view.erased.includes(commitment) ? 'erased' : 'hidden',
    // The same value of the same person has the same one all over a chain.
    pseudonym: commitment.slice(
      'sha256:'.length,
      'sha256:'.length + PSEUDONYM_DIGITS,
    ),
  };
}

/** Whether a part of an entry is a commitment to a personal datum. */
export function isCommitment(value: unknown): value is Commitment {
  return commitmentSchema.safeParse(value).success;
}
