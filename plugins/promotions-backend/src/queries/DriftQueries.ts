import { NotFoundError } from '@backstage/errors';
import { type PorticoDatabase } from '@portico/database';
import { appendAudit, type AuditContext } from '@portico/plugin-audit-node';
import {
  type Drift,
  driftClassSchema,
} from '@portico/plugin-promotions-common';
import { z } from 'zod';
import { promotionsAuditActs } from '../auditActs';
import { HistoryStore } from '../store/HistoryStore';
import { readCursor, toPage } from './pageCursor';

const positionSchema = z.tuple([z.iso.datetime(), z.uuid()]);
const rowSchema = z.object({
  id: z.string(),
  component: z.string(),
  environment: z.string(),
  class: driftClassSchema,
  resource: z.string(),
  path: z.string(),
  declared: z.string().nullable(),
  live: z.string().nullable(),
  reason: z.string(),
  source: z.string(),
  first_seen_at: z.date(),
  last_seen_at: z.date(),
  resolved_at: z.date().nullable(),
  muted_by: z.string().nullable(),
  muted_until: z.date().nullable(),
  muted_reason: z.string().nullable(),
  sample: z.boolean(),
});
const columns =
  'id, component, environment, class, resource, path, declared, live, reason, source, first_seen_at, last_seen_at, resolved_at, muted_by, muted_until, muted_reason, sample';

/** Reads drift of a tenant, and mutes it. */
export class DriftQueries {
  readonly #database: PorticoDatabase;
  readonly #now: () => Date;

  constructor(options: { database: PorticoDatabase; now: () => Date }) {
    this.#database = options.database;
    this.#now = options.now;
  }

  async get(address: {
    tenant: string;
    id: string;
  }): Promise<Drift | undefined> {
    const { rows } = await this.#database.inTenant(
      address.tenant,
      transaction =>
        transaction.raw(
          `select ${columns} from portico_promotions.drift where tenant = ? and id = ?`,
          [address.tenant, address.id],
        ),
    );
    return rows[0] && toDrift(rows[0]);
  }

  /** First what was seen last. */
  async list(query: {
    tenant: string;
    component?: string;
    environment?: string;
    state: 'open' | 'resolved';
    limit: number;
    cursor?: string;
  }): Promise<{ items: Drift[]; nextCursor?: string }> {
    const { tenant, component = null, environment = null, limit } = query;
    const [at, id] = query.cursor
      ? readCursor(query.cursor, positionSchema)
      : [null, null];
    const { rows } = await this.#database.inTenant(tenant, transaction =>
      transaction.raw(
        `select ${columns} from portico_promotions.drift
          where tenant = ? and (resolved_at is null) = ?
            and (?::text is null or component = ?)
            and (?::text is null or environment = ?)
            and (?::timestamptz is null or (last_seen_at, id) < (?::timestamptz, ?::uuid))
          order by last_seen_at desc, id desc limit ?`,
        [
          tenant,
          query.state === 'open',
          component,
          component,
          environment,
          environment,
          at,
          at,
          id,
          limit + 1,
        ],
      ),
    );
    return toPage(
      z.array(z.unknown()).parse(rows).map(toDrift),
      limit,
      last => [last.lastSeenAt, last.id],
    );
  }

  /**
   * Tells nobody of a drift until then; it stays in the list.
   *
   * @throws NotFoundError when the tenant has no such drift
   */
  async mute(
    mute: { tenant: string; id: string; until: Date; reason: string },
    by: { ref: string; context: AuditContext },
  ): Promise<Drift> {
    const { tenant, id, until, reason } = mute;
    return this.#database.inTenant(tenant, async transaction => {
      const { rows } = await transaction.raw(
        `update portico_promotions.drift
            set muted_by = ?, muted_until = ?, muted_reason = ?
          where tenant = ? and id = ? returning ${columns}`,
        [by.ref, until, reason, tenant, id],
      );
      if (rows.length === 0) {
        throw new NotFoundError(`There is no drift ${id}`);
      }
      const drift = toDrift(rows[0]);
      await appendAudit(transaction, {
        chain: tenant,
        act: promotionsAuditActs.muteDrift,
        context: by.context,
        subject: { kind: 'drift', ref: id },
        reason,
        details: {
          component: drift.component,
          environment: drift.environment,
          class: drift.class,
          until: until.toISOString(),
        },
      });
      await new HistoryStore(transaction, tenant).addEvent(
        { type: 'drift', component: drift.component },
        this.#now(),
      );
      return drift;
    });
  }
}

function toDrift(raw: unknown): Drift {
  const row = rowSchema.parse(raw);
  return {
    id: row.id,
    component: row.component,
    environment: row.environment,
    class: row.class,
    ...(row.resource && { resource: row.resource }),
    ...(row.path && { path: row.path }),
    ...(row.declared !== null && { declared: row.declared }),
    ...(row.live !== null && { live: row.live }),
    reason: row.reason,
    firstSeenAt: row.first_seen_at.toISOString(),
    lastSeenAt: row.last_seen_at.toISOString(),
    ...(row.resolved_at && { resolvedAt: row.resolved_at.toISOString() }),
    ...(row.muted_by &&
      row.muted_until && {
        muted: {
          by: row.muted_by,
          until: row.muted_until.toISOString(),
          reason: row.muted_reason ?? '',
        },
      }),
    source: row.source,
    sample: row.sample,
  };
}
