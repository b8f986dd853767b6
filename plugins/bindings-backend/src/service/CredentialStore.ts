import { NotFoundError, ServiceUnavailableError } from '@backstage/errors';
import { type PorticoDatabase } from '@portico/database';
import {
  appendAudit,
  type AuditContext,
  pluginAuditContext,
} from '@portico/plugin-audit-node';
import {
  type CredentialState,
  type PutCredential,
} from '@portico/plugin-bindings-common';
import {
  type ConfiguredSystem,
  type Credential,
} from '@portico/plugin-bindings-node';
import { type SecretSealer } from '@portico/sealing';
import { type Knex } from 'knex';
import { z } from 'zod';
import { bindingsAuditActs } from '../auditActs';

const fieldSchema = z.enum(['token', 'username']);
type Field = z.infer<typeof fieldSchema>;

const sealedRowSchema = z.object({
  tenant: z.string(),
  system: z.string(),
  field: fieldSchema,
  key_id: z.string(),
  sealed: z.instanceof(Buffer),
});
type SealedRow = z.infer<typeof sealedRowSchema>;

const stateRowSchema = z.object({
  system: z.string(),
  fields: z.array(fieldSchema),
  key_ids: z.array(z.string()),
  set_by: z.string(),
  set_at: z.date(),
  last_used_at: z.date().nullable(),
});

/** The address of a credential. */
export interface CredentialAddress {
  tenant: string;
  system: string;
}

/** The tenants' credentials, sealed; nothing but `open` gives one out. */
export class CredentialStore {
  readonly #database: PorticoDatabase;
  readonly #sealer: SecretSealer | undefined;
  readonly #systems: ReadonlyMap<string, ConfiguredSystem>;
  readonly #now: () => Date;

  constructor(options: {
    database: PorticoDatabase;
    /** Undefined where the configuration has no key. */
    sealer: SecretSealer | undefined;
    systems: ReadonlyMap<string, ConfiguredSystem>;
    now: () => Date;
  }) {
    this.#database = options.database;
    this.#sealer = options.sealer;
    this.#systems = options.systems;
    this.#now = options.now;
  }

  /** One state for each system that the tenant has a grant on. */
  async list(tenant: string): Promise<CredentialState[]> {
    const { granted, stored } = await this.#database.inTenant(
      tenant,
      async transaction => ({
        granted: await transaction.raw(
          'select distinct system from portico_bindings.grants where tenant = ? order by system',
          [tenant],
        ),
        stored: await transaction.raw(
          `select system, array_agg(field order by field) as fields,
                  array_agg(distinct key_id) as key_ids, max(set_by) as set_by,
                  max(set_at) as set_at, max(last_used_at) as last_used_at
             from portico_bindings.credentials where tenant = ? group by system`,
          [tenant],
        ),
      }),
    );
    const states = new Map(
      z
        .array(stateRowSchema)
        .parse(stored.rows)
        .map(row => [row.system, row]),
    );
    const names = z.array(z.object({ system: z.string() })).parse(granted.rows);
    return names.flatMap(({ system: name }) => {
      const system = this.#systems.get(name);
      if (!system) {
        return [];
      }
      const row = states.get(name);
      return [
        {
          tenant,
          system: {
            name: system.name,
            kind: system.kind,
            title: system.title,
            url: system.url,
          },
          ...(row && {
            set: {
              by: row.set_by,
              at: row.set_at.toISOString(),
              fields: row.fields,
              ...(row.last_used_at && {
                lastUsedAt: row.last_used_at.toISOString(),
              }),
              readable: row.key_ids.every(keyId => this.#sealer?.knows(keyId)),
            },
          }),
        },
      ];
    });
  }

  /**
   * Sets or replaces the credential of a tenant for a system that it has a grant on.
   *
   * @throws NotFoundError alike for a system without a grant and for none
   */
  async set(
    address: CredentialAddress,
    credential: PutCredential,
    by: { userRef: string; context: AuditContext },
  ): Promise<void> {
    const sealer = this.#requireSealer();
    const { tenant, system } = address;
    const given: Array<[Field, string | undefined]> = [
      ['token', credential.token],
      ['username', credential.username],
    ];
    const sealed: SealedRow[] = [];
    for (const [field, text] of given) {
      if (text !== undefined) {
        const secret = await sealer.seal(text, place({ ...address, field }));
        sealed.push({
          tenant,
          system,
          field,
          key_id: secret.keyId,
          sealed: secret.sealed,
        });
      }
    }
    await this.#database.inTenant(tenant, async transaction => {
      await requireGrant(transaction, address);
      await transaction.raw(
        'delete from portico_bindings.credentials where tenant = ? and system = ?',
        [tenant, system],
      );
      for (const row of sealed) {
        await transaction.raw(
          `insert into portico_bindings.credentials
             (tenant, system, field, key_id, sealed, set_by, set_at)
           values (?, ?, ?, ?, ?, ?, ?)
           on conflict (tenant, system, field) do update
             set key_id = excluded.key_id, sealed = excluded.sealed,
                 set_by = excluded.set_by, set_at = excluded.set_at, last_used_at = null`,
          [
            tenant,
            system,
            row.field,
            row.key_id,
            row.sealed,
            by.userRef,
            this.#now(),
          ],
        );
      }
      await appendAudit(transaction, {
        chain: tenant,
        act: bindingsAuditActs.setCredential,
        context: by.context,
        subject: { kind: 'credential', ref: system },
        details: { fields: sealed.map(({ field }) => field) },
      });
    });
  }

  /** @throws NotFoundError when the tenant has set none for this system */
  async remove(
    address: CredentialAddress,
    by: { context: AuditContext },
  ): Promise<void> {
    const { tenant, system } = address;
    await this.#database.inTenant(tenant, async transaction => {
      const { rows } = await transaction.raw(
        'delete from portico_bindings.credentials where tenant = ? and system = ? returning 1',
        [tenant, system],
      );
      if (rows.length === 0) {
        throw new NotFoundError(
          `${tenant} has no credential for ${JSON.stringify(system)}`,
        );
      }
      await appendAudit(transaction, {
        chain: tenant,
        act: bindingsAuditActs.removeCredential,
        context: by.context,
        subject: { kind: 'credential', ref: system },
      });
    });
  }

  /**
   * Opens a credential to use it now.
   *
   * @returns undefined when none is set
   * @throws ServiceUnavailableError when the key that sealed it is gone
   */
  async open(address: CredentialAddress): Promise<Credential | undefined> {
    const { tenant, system } = address;
    const rows = await this.#database.inTenant(tenant, async transaction => {
      const found = await transaction.raw(
        `select tenant, system, field, key_id, sealed
           from portico_bindings.credentials where tenant = ? and system = ?`,
        [tenant, system],
      );
      // A minute is exact enough, and spares a write for each use.
      await transaction.raw(
        `update portico_bindings.credentials set last_used_at = ?
          where tenant = ? and system = ?
            and (last_used_at is null or last_used_at < ?::timestamptz - interval '1 minute')`,
        [this.#now(), tenant, system, this.#now()],
      );
      return z.array(sealedRowSchema).parse(found.rows);
    });
    const opened: Partial<Record<Field, string>> = {};
    for (const row of rows) {
      const text = await this.#sealer?.open(
        { keyId: row.key_id, sealed: row.sealed },
        place(row),
      );
      if (text === undefined) {
        throw new ServiceUnavailableError(
          `The credential of ${tenant} for ${system} cannot be opened, because its sealing key is gone: set it again`,
        );
      }
      opened[row.field] = text;
    }
    const { token, username } = opened;
    return token === undefined
      ? undefined
      : { token, ...(username !== undefined && { username }) };
  }

  /**
   * Seals again what another key than the newest sealed, at most `limit` fields.
   *
   * @returns how many were sealed again; what no known key opens is left as it is
   */
  async reseal(limit = 10_000): Promise<number> {
    const sealer = this.#sealer;
    if (!sealer) {
      return 0;
    }
    return this.#database.asPlatform('seal again', async transaction => {
      // Replicas that start at once take different rows.
      const { rows } = await transaction.raw(
        `select tenant, system, field, key_id, sealed from portico_bindings.credentials
          where key_id <> ? order by tenant, system, field limit ? for update skip locked`,
        [sealer.keyId, limit],
      );
      let count = 0;
      for (const row of z.array(sealedRowSchema).parse(rows)) {
        const text = await sealer.open(
          { keyId: row.key_id, sealed: row.sealed },
          place(row),
        );
        if (text !== undefined) {
          await this.#replaceSeal(transaction, row, text, sealer);
          count += 1;
        }
      }
      return count;
    });
  }

  async #replaceSeal(
    transaction: Knex.Transaction,
    row: SealedRow,
    text: string,
    sealer: SecretSealer,
  ): Promise<void> {
    const { keyId, sealed } = await sealer.seal(text, place(row));
    await transaction.raw(
      `update portico_bindings.credentials set key_id = ?, sealed = ?
        where tenant = ? and system = ? and field = ?`,
      [keyId, sealed, row.tenant, row.system, row.field],
    );
    await appendAudit(transaction, {
      chain: row.tenant,
      act: bindingsAuditActs.resealCredential,
      context: pluginAuditContext('bindings'),
      subject: { kind: 'credential', ref: `${row.system}/${row.field}` },
      details: { fromKey: row.key_id, toKey: keyId },
    });
  }

  #requireSealer(): SecretSealer {
    if (!this.#sealer) {
      throw new ServiceUnavailableError(
        'This portal cannot keep credentials: set bindings.sealingKeys in its configuration',
      );
    }
    return this.#sealer;
  }
}

async function requireGrant(
  transaction: Knex.Transaction,
  address: CredentialAddress,
): Promise<void> {
  const { rows } = await transaction.raw(
    'select 1 from portico_bindings.grants where tenant = ? and system = ? limit 1',
    [address.tenant, address.system],
  );
  if (rows.length === 0) {
    throw new NotFoundError(
      `${address.tenant} has no grant on a system ${JSON.stringify(
        address.system,
      )}`,
    );
  }
}

/** Where a sealed text belongs; authenticated with it. */
function place(row: { tenant: string; system: string; field: Field }): string {
  return JSON.stringify(['credential', row.tenant, row.system, row.field]);
}
