import { ConflictError } from '@backstage/errors';
import { type PorticoDatabase } from '@portico/database';
import { appendAudit, type AuditContext } from '@portico/plugin-audit-node';
import {
  type CreateTenant,
  PLATFORM_TENANT,
  type Tenant,
  tenantSchema,
} from '@portico/plugin-tenancy-common';
import { z } from 'zod';
import { tenancyAuditActs } from '../auditActs';

const tenantRowSchema = z.object({
  tenant: z.string(),
  title: z.string(),
  created_at: z.date(),
});

/** The tenants of the portal. */
export class TenantStore {
  readonly #database: PorticoDatabase;

  constructor(options: { database: PorticoDatabase }) {
    this.#database = options.database;
  }

  async list(): Promise<Tenant[]> {
    const { rows } = await this.#database.asPlatform(
      'list all tenants for the platform',
      transaction =>
        transaction.raw(
          'select tenant, title, created_at from portico_tenancy.tenants order by tenant',
        ),
    );
    return z.array(z.unknown()).parse(rows).map(toTenant);
  }

  async get(tenant: string): Promise<Tenant | undefined> {
    const { rows } = await this.#database.inTenant(tenant, transaction =>
      transaction.raw(
        'select tenant, title, created_at from portico_tenancy.tenants where tenant = ?',
        [tenant],
      ),
    );
    return rows.length > 0 ? toTenant(rows[0]) : undefined;
  }

  /** @throws ConflictError when the id is taken */
  async create(tenant: CreateTenant, by: AuditContext): Promise<Tenant> {
    return this.#database.asPlatform('create a tenant', async transaction => {
      const { rows } = await transaction.raw(
        `insert into portico_tenancy.tenants (tenant, title) values (?, ?)
         on conflict do nothing returning tenant, title, created_at`,
        [tenant.id, tenant.title],
      );
      if (rows.length === 0) {
        throw new ConflictError(`The tenant "${tenant.id}" exists already`);
      }
      await appendAudit(transaction, {
        chain: PLATFORM_TENANT,
        act: tenancyAuditActs.tenantCreate,
        context: by,
        subject: { kind: 'tenant', ref: tenant.id },
        change: { after: { title: tenant.title } },
      });
      return toTenant(rows[0]);
    });
  }
}

function toTenant(raw: unknown): Tenant {
  const row = tenantRowSchema.parse(raw);
  return tenantSchema.parse({
    id: row.tenant,
    title: row.title,
    createdAt: row.created_at.toISOString(),
  });
}
