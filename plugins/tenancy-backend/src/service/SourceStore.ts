import { ConflictError, InputError, NotFoundError } from '@backstage/errors';
import { type Entity } from '@backstage/catalog-model';
import { type PorticoDatabase } from '@portico/database';
import { appendAudit, type AuditContext } from '@portico/plugin-audit-node';
import {
  DIRECTORY_SOURCE,
  type Refusal,
  refusalSchema,
  type Source,
  sourceLocationSchema,
} from '@portico/plugin-tenancy-common';
import {
  type SourceDelta,
  type SourceScan,
  type TenancySources,
} from '@portico/plugin-tenancy-node';
import { type Knex } from 'knex';
import { z } from 'zod';
import { tenancyAuditActs } from '../auditActs';
import { auditableLocation } from './auditableLocation';
import { ClaimLedger } from './ClaimLedger';
import { locationKey } from './locationKey';
import { findSource, SOURCE_COLUMNS, toSource } from './sourceRows';
import { storableText } from './storableText';

const emittedRowSchema = z.object({
  tenant: z.string(),
  source: z.string(),
  entity: z.custom<Entity>(),
});

/** The sources of the tenants, their last good sets and refusals. */
export class SourceStore implements TenancySources {
  readonly #database: PorticoDatabase;
  readonly #now: () => Date;

  constructor(options: { database: PorticoDatabase; now: () => Date }) {
    this.#database = options.database;
    this.#now = options.now;
  }

  async list(options: { tenant?: string } = {}): Promise<Source[]> {
    const { tenant } = options;
    const result =
      tenant === undefined
        ? await this.#database.asPlatform('list all sources', transaction =>
            transaction.raw(
              `select ${SOURCE_COLUMNS} order by source.tenant, source.name`,
            ),
          )
        : await this.#database.inTenant(tenant, transaction =>
            transaction.raw(
              `select ${SOURCE_COLUMNS} where source.tenant = ? order by source.name`,
              [tenant],
            ),
          );
    return z.array(z.unknown()).parse(result.rows).map(toSource);
  }

  async get(address: {
    tenant: string;
    name: string;
  }): Promise<Source | undefined> {
    return this.#database.inTenant(address.tenant, transaction =>
      findSource(transaction, address),
    );
  }

  async register(
    options: Parameters<TenancySources['register']>[0],
  ): Promise<Source> {
    return (await this.registerNew(options)).source;
  }

  /** Registers a source and tells whether it is new. */
  async registerNew(
    options: Parameters<TenancySources['register']>[0],
  ): Promise<{ source: Source; created: boolean }> {
    const { tenant, name } = options;
    const parsed = sourceLocationSchema.safeParse(options.location);
    if (!parsed.success) {
      throw new InputError(
        `The location of the source ${name} is wrong: ${z.prettifyError(
          parsed.error,
        )}`,
      );
    }
    if (name === DIRECTORY_SOURCE) {
      throw new ConflictError(
        `A source cannot be named "${DIRECTORY_SOURCE}": that is where people and groups come from`,
      );
    }
    const key = locationKey(tenant, parsed.data);
    return this.#database.inTenant(tenant, async transaction => {
      const known = await transaction.raw(
        'select 1 from portico_tenancy.tenants where tenant = ?',
        [tenant],
      );
      if (known.rows.length === 0) {
        throw new NotFoundError(`There is no tenant "${tenant}"`);
      }
      const inserted = await transaction.raw(
        `insert into portico_tenancy.sources
           (tenant, name, location, location_key, registered_by)
         values (?, ?, ?, ?, ?)
         on conflict do nothing returning 1`,
        [tenant, name, JSON.stringify(parsed.data), key, options.registeredBy],
      );
      const created = inserted.rows.length > 0;
      if (!created) {
        await refuseUnlessSame(transaction, { tenant, name, key });
      }
      const source = await findSource(transaction, { tenant, name });
      if (!source) {
        throw new NotFoundError(`There is no source "${name}" in ${tenant}`);
      }
      if (created) {
        await appendAudit(transaction, {
          chain: tenant,
          act: tenancyAuditActs.sourceRegister,
          context: options.by,
          subject: sourceSubject(options),
          change: { after: { location: auditableLocation(parsed.data) } },
        });
      }
      return { source, created };
    });
  }

  /**
   * Records that somebody asked for a source to be read again; the reader is told of it
   * by an event.
   *
   * @throws NotFoundError when there is none
   */
  async requestRead(options: {
    tenant: string;
    name: string;
    by: AuditContext;
  }): Promise<Source> {
    const { tenant, name, by } = options;
    return this.#database.inTenant(tenant, async transaction => {
      const source = await findSource(transaction, { tenant, name });
      if (!source) {
        throw new NotFoundError(
          `There is no source ${JSON.stringify(name)} in ${tenant}`,
        );
      }
      await appendAudit(transaction, {
        chain: tenant,
        act: tenancyAuditActs.sourceRead,
        context: by,
        subject: sourceSubject(options),
      });
      return source;
    });
  }

  async remove(
    options: Parameters<TenancySources['remove']>[0],
  ): Promise<SourceDelta> {
    const { by, ...address } = options;
    return this.#database.inTenant(address.tenant, async transaction => {
      const ledger = await ClaimLedger.open(transaction, {
        tenant: address.tenant,
        source: address.name,
      });
      const source = await findSource(transaction, address);
      const delta = await ledger.replace([]);
      await transaction.raw(
        'delete from portico_tenancy.sources where tenant = ? and name = ?',
        [address.tenant, address.name],
      );
      await appendAudit(transaction, {
        chain: address.tenant,
        act: tenancyAuditActs.sourceRemove,
        context: by,
        subject: sourceSubject(address),
        change: {
          before: source && { location: auditableLocation(source.location) },
        },
        details: { entities: delta.removed.length },
      });
      return delta;
    });
  }

  async recordScan(scan: SourceScan): Promise<SourceDelta> {
    const { tenant, source } = scan;
    return this.#database.inTenant(tenant, async transaction => {
      const ledger = await ClaimLedger.open(transaction, { tenant, source });
      const { documents, refusals } = ledger.sort(scan.entities);
      const delta = await ledger.replace(documents);
      await replaceRefusals(transaction, {
        tenant,
        source,
        refusals: [...scan.refusals, ...refusals],
      });
      await this.#recordOutcome(transaction, {
        tenant,
        source,
        outcome: 'read',
        revision: scan.revision,
      });
      return delta;
    });
  }

  async recordUnreadable(options: {
    tenant: string;
    source: string;
    reason: string;
  }): Promise<void> {
    const { tenant, source } = options;
    await this.#database.inTenant(tenant, async transaction => {
      await ClaimLedger.open(transaction, { tenant, source });
      await this.#recordOutcome(transaction, {
        tenant,
        source,
        outcome: 'unreadable',
        reason: storable(options.reason),
      });
    });
  }

  async lastGood(
    selection?: Parameters<TenancySources['lastGood']>[0],
  ): Promise<SourceDelta['added']> {
    const result = await this.#database.asPlatform(
      'emit the last good set of every source',
      transaction =>
        transaction.raw(
          `select document.tenant, document.source, document.entity
             from portico_tenancy.source_claims claim
             join portico_tenancy.source_documents document
               using (tenant, source, entity_ref)
            ${
              selection
                ? 'where claim.tenant = any(?) and starts_with(claim.entity_ref, ?)'
                : ''
            }
            order by document.tenant, document.entity_ref`,
          selection ? [[...selection.tenants], `${selection.kind}:`] : [],
        ),
    );
    return z.array(emittedRowSchema).parse(result.rows);
  }

  async refusals(address: {
    tenant: string;
    name: string;
  }): Promise<Refusal[]> {
    const items = await this.allRefusals(address.tenant, address.name);
    return items.map(({ source: _, ...refusal }) => refusal);
  }

  /** Refusals of one source, or of all sources of a tenant. */
  async allRefusals(
    tenant: string,
    source?: string,
  ): Promise<Array<Refusal & { source: string }>> {
    const result = await this.#database.inTenant(tenant, transaction =>
      transaction.raw(
        `select source, file, line, entity_ref as "entityRef", reason
           from portico_tenancy.source_refusals
          where tenant = :tenant and (cast(:source as text) is null or source = cast(:source as text))
         union all
         select loser.source, loser.file, loser.line, loser.entity_ref,
                format('%s is already declared by the source "%s" (%s, line %s); remove one of the two',
                       loser.entity_ref, holder.source, holder.file, holder.line)
           from portico_tenancy.source_documents loser
           join portico_tenancy.source_claims claim
             on claim.tenant = loser.tenant and claim.entity_ref = loser.entity_ref
            and claim.source <> loser.source
           join portico_tenancy.source_documents holder
             on holder.tenant = claim.tenant and holder.source = claim.source
            and holder.entity_ref = claim.entity_ref
          where loser.tenant = :tenant
            and (cast(:source as text) is null or loser.source = cast(:source as text))
          order by 1, 2, 3, 4`,
        { tenant, source: source ?? null },
      ),
    );
    return z
      .array(
        refusalSchema.extend({
          source: z.string(),
          line: z.number().nullable(),
          entityRef: z.string().nullable(),
        }),
      )
      .parse(result.rows)
      .map(row => ({
        source: row.source,
        file: row.file,
        ...(row.line !== null && { line: row.line }),
        ...(row.entityRef !== null && { entityRef: row.entityRef }),
        reason: row.reason,
      }));
  }

  async #recordOutcome(
    transaction: Knex.Transaction,
    scan: {
      tenant: string;
      source: string;
      outcome: 'read' | 'unreadable';
      revision?: string;
      reason?: string;
    },
  ): Promise<void> {
    await transaction.raw(
      `insert into portico_tenancy.source_scans
         (tenant, source, scanned_at, outcome, revision, reason)
       values (?, ?, ?, ?, ?, ?)
       on conflict (tenant, source) do update
         set scanned_at = excluded.scanned_at, outcome = excluded.outcome,
             revision = excluded.revision, reason = excluded.reason`,
      [
        scan.tenant,
        scan.source,
        this.#now(),
        scan.outcome,
        scan.revision ?? null,
        scan.reason ?? null,
      ],
    );
  }
}

function sourceSubject(source: { tenant: string; name: string }) {
  return { kind: 'source', ref: `${source.tenant}/${source.name}` };
}

/** What stands in the way of a registration, in words that tell nothing of other tenants. */
async function refuseUnlessSame(
  transaction: Knex.Transaction,
  wish: { tenant: string; name: string; key: string },
): Promise<void> {
  const { rows } = await transaction.raw(
    `select name, location_key from portico_tenancy.sources
      where tenant = ? and (name = ? or location_key = ?)
      order by name = ? desc`,
    [wish.tenant, wish.name, wish.key, wish.name],
  );
  const [own] = z
    .array(z.object({ name: z.string(), location_key: z.string() }))
    .parse(rows);
  if (!own) {
    throw new ConflictError('This address cannot be registered');
  }
  if (own.location_key !== wish.key) {
    throw new ConflictError(
      `The source "${own.name}" exists already and reads another address; remove it first or choose another name`,
    );
  }
  if (own.name !== wish.name) {
    throw new ConflictError(
      `The source "${own.name}" reads this address already`,
    );
  }
}

async function replaceRefusals(
  transaction: Knex.Transaction,
  options: { tenant: string; source: string; refusals: Refusal[] },
): Promise<void> {
  const { tenant, source } = options;
  await transaction.raw(
    'delete from portico_tenancy.source_refusals where tenant = ? and source = ?',
    [tenant, source],
  );
  const rows = options.refusals.map((refusal, position) => ({
    position,
    file: storable(refusal.file),
    line: refusal.line,
    entity_ref: refusal.entityRef && storable(refusal.entityRef),
    reason: storable(refusal.reason),
  }));
  await transaction.raw(
    `insert into portico_tenancy.source_refusals
       (tenant, source, position, file, line, entity_ref, reason)
     select ?, ?, position, file, line, entity_ref, reason
       from jsonb_to_recordset(?::jsonb)
         as refusal(position integer, file text, line integer, entity_ref text, reason text)`,
    [tenant, source, JSON.stringify(rows)],
  );
}

/** No more text than a person reads. */
function storable(text: string): string {
  return storableText(text.slice(0, 2000));
}
