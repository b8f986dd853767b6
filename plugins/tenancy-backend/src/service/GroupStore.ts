import { InputError, NotFoundError } from '@backstage/errors';
import { type PorticoDatabase } from '@portico/database';
import {
  type Group,
  groupSchema,
  type PutGroup,
  putGroupSchema,
} from '@portico/plugin-tenancy-common';
import { type Knex } from 'knex';
import { z } from 'zod';
import { lockDirectory } from './lockDirectory';

const groupRowSchema = z.object({
  tenant: z.string(),
  name: z.string(),
  display_name: z.string(),
  type: z.string(),
  parent: z.string().nullable(),
});

/** The groups of the tenants. */
export class GroupStore {
  readonly #database: PorticoDatabase;

  constructor(options: { database: PorticoDatabase }) {
    this.#database = options.database;
  }

  async list(tenant: string): Promise<Group[]> {
    const { rows } = await this.#database.inTenant(tenant, transaction =>
      transaction.raw(
        `select tenant, name, display_name, type, parent
           from portico_tenancy.groups where tenant = ? order by name`,
        [tenant],
      ),
    );
    return z.array(z.unknown()).parse(rows).map(toGroup);
  }

  /** @throws InputError when the parent is unknown or below the group */
  async put(options: {
    tenant: string;
    name: string;
    group: PutGroup;
  }): Promise<Group> {
    const { tenant, name } = options;
    const group = putGroupSchema.parse(options.group);
    return this.#database.inTenant(tenant, async transaction => {
      await lockDirectory(transaction, tenant);
      if (group.parent !== undefined) {
        await checkParent(transaction, { tenant, name, parent: group.parent });
      }
      const { rows } = await transaction.raw(
        `insert into portico_tenancy.groups (tenant, name, display_name, type, parent)
         values (?, ?, ?, ?, ?)
         on conflict (tenant, name) do update
           set display_name = excluded.display_name, type = excluded.type,
               parent = excluded.parent
         returning tenant, name, display_name, type, parent`,
        [tenant, name, group.displayName, group.type, group.parent ?? null],
      );
      return toGroup(rows[0]);
    });
  }

  /** Removes a group; its members leave it, and groups below it become top ones. */
  async remove(address: { tenant: string; name: string }): Promise<void> {
    const { tenant, name } = address;
    await this.#database.inTenant(tenant, async transaction => {
      await lockDirectory(transaction, tenant);
      await transaction.raw(
        `update portico_tenancy.members member set version = version + 1
           from portico_tenancy.group_memberships membership
          where membership.tenant = member.tenant and membership.member = member.name
            and membership.tenant = ? and membership.group_name = ?`,
        [tenant, name],
      );
      const { rows } = await transaction.raw(
        'delete from portico_tenancy.groups where tenant = ? and name = ? returning 1',
        [tenant, name],
      );
      if (rows.length === 0) {
        throw new NotFoundError(`There is no group "${name}" in ${tenant}`);
      }
    });
  }
}

async function checkParent(
  transaction: Knex.Transaction,
  group: { tenant: string; name: string; parent: string },
): Promise<void> {
  const { rows } = await transaction.raw(
    `with recursive above (name) as (
       select name from portico_tenancy.groups where tenant = :tenant and name = :parent
       union
       select groups.parent from above
         join portico_tenancy.groups on groups.tenant = :tenant and groups.name = above.name
        where groups.parent is not null
     )
     select name from above`,
    { tenant: group.tenant, parent: group.parent },
  );
  const above = z.array(z.object({ name: z.string() })).parse(rows);
  if (above.length === 0 && group.parent !== group.name) {
    throw new InputError(
      `The parent "${group.parent}" is no group of ${group.tenant}; create it first`,
    );
  }
  if (
    group.parent === group.name ||
    above.some(ancestor => ancestor.name === group.name)
  ) {
    throw new InputError(
      `The group "${group.name}" cannot lie below itself: "${group.parent}" is it or lies below it`,
    );
  }
}

function toGroup(raw: unknown): Group {
  const row = groupRowSchema.parse(raw);
  return groupSchema.parse({
    tenant: row.tenant,
    name: row.name,
    displayName: row.display_name,
    type: row.type,
    parent: row.parent ?? undefined,
  });
}
