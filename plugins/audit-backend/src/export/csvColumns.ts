import { type AuditEntry, type Commitment } from '@portico/plugin-audit-common';
import {
  commitmentKey,
  type Disclosures,
  type EntryRow,
  hashText,
} from '../query/readEntryViews';

/** What stands for a personal datum that the reader does not get. */
const HIDDEN = '[hidden]';
const ERASED = '[erased]';

type Cell = (
  entry: AuditEntry,
  context: { row: EntryRow; show: (value: unknown) => string },
) => string;

/** Columns of the CSV form, in their order; the README says what each holds. */
const columns: ReadonlyArray<readonly [name: string, cell: Cell]> = [
  ['chain', ({ chain }) => chain],
  ['sequence', ({ sequence }) => String(sequence)],
  ['id', ({ id }) => id],
  ['occurredAt', ({ occurredAt }) => occurredAt],
  ['act', ({ act }) => act],
  ['severity', ({ severity }) => severity],
  ['outcome', ({ outcome }) => outcome],
  ['actorKind', ({ actor }) => actor.kind],
  ['actor', ({ actor }, { show }) => show(actor.ref)],
  ['onBehalfOf', ({ onBehalfOf }, { show }) => show(onBehalfOf)],
  ['subjectKind', ({ subject }) => subject.kind],
  ['subject', ({ subject }, { show }) => show(subject.ref)],
  ['reason', ({ reason }, { show }) => show(reason)],
  ['requestId', ({ requestId }) => requestId ?? ''],
  ['correlation', ({ correlation }) => correlation ?? ''],
  ['sourceAddress', ({ sourceAddress }, { show }) => show(sourceAddress)],
  ['payloadDigest', ({ payloadDigest }) => payloadDigest ?? ''],
  ['change', ({ change }, { show }) => show(change)],
  ['details', ({ details }, { show }) => show(details)],
  ['previous', ({ previous }) => previous],
  ['hash', (_, { row }) => hashText(row.hash)],
];

/** Names of the columns. */
export const csvColumnNames = columns.map(([name]) => name);

/** The cells of one entry, personal data as the reader may know them. */
export function csvCells(
  row: EntryRow,
  entry: AuditEntry,
  disclosures: Disclosures,
): string[] {
  const open = (commitment: string) => {
    const key = commitmentKey(row.chain, commitment);
    return (
      disclosures.known.get(key)?.value ??
      (disclosures.erased.has(key) ? ERASED : HIDDEN)
    );
  };
  const show = (value: unknown): string => {
    if (value === undefined) {
      return '';
    }
    const shown = openAll(value, open);
    return typeof shown === 'string' ? shown : JSON.stringify(shown);
  };
  return columns.map(([, cell]) => cell(entry, { row, show }));
}

function openAll(
  value: unknown,
  open: (commitment: string) => string,
): unknown {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map(item => openAll(item, open));
  }
  if (isCommitment(value)) {
    return open(value.$personal);
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, openAll(member, open)]),
  );
}

function isCommitment(value: object): value is Commitment {
  return '$personal' in value && typeof value.$personal === 'string';
}
