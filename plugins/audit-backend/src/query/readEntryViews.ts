import {
  type AuditEntryView,
  auditEntrySchema,
} from '@portico/plugin-audit-common';
import { type Knex } from 'knex';
import { z } from 'zod';

const entryRowsSchema = z.object({
  rows: z.array(
    z.object({
      chain: z.string(),
      sequence: z.coerce.number(),
      entry: z.string(),
      hash: z.instanceof(Buffer),
      commitments: z.array(z.string()),
    }),
  ),
});

/** An entry as it is stored. */
export type EntryRow = z.infer<typeof entryRowsSchema>['rows'][number];

/** The columns of `EntryRow`. */
export const entryColumns = 'chain, sequence, entry, hash, commitments';

const disclosureRowsSchema = z.object({
  rows: z.array(
    z.object({
      chain: z.string(),
      commitment: z.string(),
      person: z.string().nullable(),
      salt: z.instanceof(Buffer).nullable(),
      value: z.string().nullable(),
    }),
  ),
});

/** What a commitment stands for. */
export interface Disclosure {
  of: string;
  salt: Buffer;
  value: string;
}

/** What is known of the commitments of some entries; keys from `commitmentKey`. */
export interface Disclosures {
  known: Map<string, Disclosure>;
  erased: Set<string>;
}

/** A commitment in one chain. */
export function commitmentKey(chain: string, commitment: string): string {
  return `${chain} ${commitment}`;
}

/** Checks what the database answered. */
export function parseEntryRows(answer: unknown): EntryRow[] {
  return entryRowsSchema.parse(answer).rows;
}

/** Text form of a hash. */
export function hashText(hash: Buffer): string {
  return `sha256:${hash.toString('hex')}`;
}

/**
 * What the reader's transaction shows of the personal data of entries, in one question
 * for all of them. Row-level security leaves out what the reader may not know.
 */
export async function readDisclosures(
  transaction: Knex.Transaction,
  rows: readonly EntryRow[],
): Promise<Disclosures> {
  const wanted = new Map(
    rows.flatMap(({ chain, commitments }) =>
      commitments.map(
        commitment =>
          [commitmentKey(chain, commitment), { chain, commitment }] as const,
      ),
    ),
  );
  const disclosures: Disclosures = { known: new Map(), erased: new Set() };
  if (wanted.size === 0) {
    return disclosures;
  }
  const chains = [...wanted.values()].map(({ chain }) => chain);
  const commitments = [...wanted.values()].map(({ commitment }) => commitment);
  const answer = await transaction.raw(
    `with wanted as (
       select * from unnest(?::text[], ?::text[]) as wanted (chain, commitment)
     )
     select chain, commitment, person, salt, value
       from wanted join portico_audit.personal_data using (chain, commitment)
     union all
     select chain, commitment, null, null, null
       from wanted join portico_audit.erased_commitments using (chain, commitment)`,
    [chains, commitments],
  );
  for (const row of disclosureRowsSchema.parse(answer).rows) {
    const key = commitmentKey(row.chain, row.commitment);
    const { person, salt, value } = row;
    if (person === null || salt === null || value === null) {
      disclosures.erased.add(key);
    } else {
      disclosures.known.set(key, { of: person, salt, value });
    }
  }
  return disclosures;
}

/** Entries as the reader of the transaction sees them, in the order of the rows. */
export async function readEntryViews(
  transaction: Knex.Transaction,
  rows: readonly EntryRow[],
): Promise<AuditEntryView[]> {
  const { known, erased } = await readDisclosures(transaction, rows);
  return rows.map(row => toView(row, { known, erased }));
}

/** One entry with what is known of its personal data. */
export function toView(
  { chain, entry, hash, commitments }: EntryRow,
  { known, erased }: Disclosures,
): AuditEntryView {
  return {
    entry: auditEntrySchema.parse(JSON.parse(entry)),
    hash: hashText(hash),
    disclosed: Object.fromEntries(
      commitments.flatMap(commitment => {
        const disclosure = known.get(commitmentKey(chain, commitment));
        return disclosure ? [[commitment, disclosure.value]] : [];
      }),
    ),
    erased: commitments.filter(
      commitment =>
        erased.has(commitmentKey(chain, commitment)) &&
        !known.has(commitmentKey(chain, commitment)),
    ),
  };
}
