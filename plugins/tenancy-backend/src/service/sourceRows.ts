import { type Source, sourceSchema } from '@portico/plugin-tenancy-common';
import { type Knex } from 'knex';
import { z } from 'zod';

/** Columns of a source with its last scan; what it emits and what was refused is counted now. */
export const SOURCE_COLUMNS = `
  source.tenant, source.name, source.location, source.created_at,
  scan.scanned_at, scan.outcome, scan.revision, scan.reason,
  (select count(*) from portico_tenancy.source_claims claim
    where claim.tenant = source.tenant and claim.source = source.name)::integer as emitted,
  (select count(*) from portico_tenancy.source_documents document
    where document.tenant = source.tenant and document.source = source.name)::integer as declared,
  (select count(*) from portico_tenancy.source_refusals refusal
    where refusal.tenant = source.tenant and refusal.source = source.name)::integer as refused
  from portico_tenancy.sources source
  left join portico_tenancy.source_scans scan
    on scan.tenant = source.tenant and scan.source = source.name`;

const sourceRowSchema = z.object({
  tenant: z.string(),
  name: z.string(),
  location: z.unknown(),
  created_at: z.date(),
  scanned_at: z.date().nullable(),
  outcome: z.string().nullable(),
  revision: z.string().nullable(),
  reason: z.string().nullable(),
  emitted: z.number(),
  declared: z.number(),
  refused: z.number(),
});

/** A source as its row says, with its last scan. */
export async function findSource(
  transaction: Knex.Transaction,
  address: { tenant: string; name: string },
): Promise<Source | undefined> {
  const result = await transaction.raw(
    `select ${SOURCE_COLUMNS} where source.tenant = ? and source.name = ?`,
    [address.tenant, address.name],
  );
  return result.rows.length > 0 ? toSource(result.rows[0]) : undefined;
}

export function toSource(raw: unknown): Source {
  const row = sourceRowSchema.parse(raw);
  return sourceSchema.parse({
    tenant: row.tenant,
    name: row.name,
    location: row.location,
    createdAt: row.created_at.toISOString(),
    ...(row.scanned_at && {
      lastScan: {
        at: row.scanned_at.toISOString(),
        outcome: row.outcome,
        revision: row.revision ?? undefined,
        reason: row.reason ?? undefined,
        entities: row.emitted,
        // A lost claim is a refusal too.
        refusals: row.refused + row.declared - row.emitted,
      },
    }),
  });
}
