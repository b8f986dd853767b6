import { ConflictError, InputError, NotFoundError } from '@backstage/errors';
import { appendAudit, type AuditContext } from '@portico/plugin-audit-node';
import { type PorticoDatabase } from '@portico/database';
import {
  type BindingKind,
  bindingKindSchema,
  type Grant,
  grantSchema,
  overlaps,
} from '@portico/plugin-bindings-common';
import { type Knex } from 'knex';
import { z } from 'zod';
import { bindingsAuditActs } from '../auditActs';

const rowSchema = z.object({
  id: z.string(),
  tenant: z.string(),
  kind: z.string(),
  system: z.string(),
  resource: z.string(),
  shared: z.boolean(),
  granted_by: z.string(),
  granted_at: z.date(),
});
const cursorSchema = z.tuple([z.string(), z.string(), z.string(), z.string()]);
const columns =
  'id, tenant, kind, system, resource, shared, granted_by, granted_at';

/** A page of grants. */
export interface GrantPage {
  items: Grant[];
  nextCursor?: string;
}

/** What tenants were granted. */
export class GrantStore {
  readonly #database: PorticoDatabase;
  readonly #now: () => Date;

  constructor(options: { database: PorticoDatabase; now: () => Date }) {
    this.#database = options.database;
    this.#now = options.now;
  }

  /** Grants by kind, system and resource: those of one tenant, or of all. */
  async list(query: {
    tenant?: string;
    limit: number;
    cursor?: string;
  }): Promise<GrantPage> {
    const { tenant, limit, cursor } = query;
    const after = cursor === undefined ? undefined : readCursor(cursor);
    const read = async (transaction: Knex.Transaction) =>
      transaction.raw(
        `select ${columns} from portico_bindings.grants
          where (?::text is null or tenant = ?)
            and (?::text is null or (kind, system, resource, tenant) > (?, ?, ?, ?))
          order by kind, system, resource, tenant limit ?`,
        [
          tenant ?? null,
          tenant ?? null,
          after?.[0] ?? null,
          ...(after ?? ['', '', '', '']),
          limit + 1,
        ],
      );
    const { rows } = tenant
      ? await this.#database.inTenant(tenant, read)
      : await this.#database.asPlatform('list all grants', read);
    const grants = z.array(z.unknown()).parse(rows).map(toGrant);
    const items = grants.slice(0, limit);
    const last = items.at(-1);
    return {
      items,
      ...(grants.length > limit && last && { nextCursor: writeCursor(last) }),
    };
  }

  /** All grants of a tenant, of one kind or of every. */
  async ofTenant(tenant: string, kind?: BindingKind): Promise<Grant[]> {
    const { rows } = await this.#database.inTenant(tenant, transaction =>
      transaction.raw(
        `select ${columns} from portico_bindings.grants
          where tenant = ? and (?::text is null or kind = ?)
          order by kind, system, resource`,
        [tenant, kind ?? null, kind ?? null],
      ),
    );
    return z.array(z.unknown()).parse(rows).map(toGrant);
  }

  /**
   * Grants a thing to a tenant.
   *
   * @throws ConflictError when it has a thing in common with another grant, and not both
   *   are shared
   * @throws NotFoundError when there is no such tenant
   */
  async add(
    grant: Pick<Grant, 'tenant' | 'kind' | 'system' | 'resource' | 'shared'>,
    by: { userRef: string; context: AuditContext },
  ): Promise<Grant> {
    const { tenant, kind, system, resource, shared } = grant;
    return this.#database.asPlatform('grant a thing', async transaction => {
      const known = await transaction.raw(
        'select 1 from portico_tenancy.tenants where tenant = ?',
        [tenant],
      );
      if (known.rows.length === 0) {
        throw new NotFoundError(`There is no tenant ${JSON.stringify(tenant)}`);
      }
      // One at a time, so that no two overlapping grants are made at once.
      await transaction.raw(
        `select pg_advisory_xact_lock(hashtext('portico_bindings.grants'))`,
      );
      const others = await transaction.raw(
        `select ${columns} from portico_bindings.grants where kind = ? and system = ?`,
        [kind, system],
      );
      for (const other of z
        .array(z.unknown())
        .parse(others.rows)
        .map(toGrant)) {
        if (other.tenant === tenant && other.resource === resource) {
          throw new ConflictError(
            `${tenant} was granted ${resource} of ${system} already`,
          );
        }
        const isApart =
          other.tenant === tenant || !overlaps(kind, resource, other.resource);
        if (!isApart && !(shared && other.shared)) {
          throw new ConflictError(
            `${resource} of ${system} is granted to ${other.tenant} as ${other.resource}: revoke that grant first, or mark both as shared`,
          );
        }
      }
      const { rows } = await transaction.raw(
        `insert into portico_bindings.grants
           (tenant, kind, system, resource, shared, granted_by, granted_at)
         values (?, ?, ?, ?, ?, ?, ?) returning ${columns}`,
        [tenant, kind, system, resource, shared, by.userRef, this.#now()],
      );
      const added = toGrant(rows[0]);
      await appendAudit(transaction, {
        chain: tenant,
        act: bindingsAuditActs.addGrant,
        context: by.context,
        subject: { kind: 'grant', ref: added.id },
        details: { kind, system, resource, shared },
      });
      return added;
    });
  }

  /**
   * Takes a grant back, and with the last one on a system its credential.
   *
   * @throws NotFoundError when the tenant has no such grant
   */
  async revoke(
    address: { tenant: string; id: string },
    by: { context: AuditContext },
  ): Promise<void> {
    const { tenant, id } = address;
    await this.#database.asPlatform('revoke a grant', async transaction => {
      const { rows } = await transaction.raw(
        `delete from portico_bindings.grants where tenant = ? and id = ? returning ${columns}`,
        [tenant, id],
      );
      if (rows.length === 0) {
        throw new NotFoundError(`${tenant} has no grant ${id}`);
      }
      const { kind, system, resource } = toGrant(rows[0]);
      const removed = await transaction.raw(
        `delete from portico_bindings.credentials
          where tenant = ? and system = ?
            and not exists (select 1 from portico_bindings.grants g
                             where g.tenant = ? and g.system = ?)
         returning 1`,
        [tenant, system, tenant, system],
      );
      await appendAudit(transaction, {
        chain: tenant,
        act: bindingsAuditActs.revokeGrant,
        context: by.context,
        subject: { kind: 'grant', ref: id },
        details: {
          kind,
          system,
          resource,
          credentialRemoved: removed.rows.length > 0,
        },
      });
    });
  }
}

function toGrant(raw: unknown): Grant {
  const row = rowSchema.parse(raw);
  return grantSchema.parse({
    id: row.id,
    tenant: row.tenant,
    kind: bindingKindSchema.parse(row.kind),
    system: row.system,
    resource: row.resource,
    shared: row.shared,
    grantedBy: row.granted_by,
    grantedAt: row.granted_at.toISOString(),
  });
}

function writeCursor(last: Grant): string {
  const position = [last.kind, last.system, last.resource, last.tenant];
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

function readCursor(cursor: string): z.infer<typeof cursorSchema> {
  try {
    return cursorSchema.parse(
      JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')),
    );
  } catch {
    throw new InputError(
      'The cursor is wrong: take it from the answer before, as it is',
    );
  }
}
