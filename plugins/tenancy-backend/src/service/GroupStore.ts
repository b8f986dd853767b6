import { InputError, NotFoundError } from '@backstage/errors';
import { type JsonObject } from '@backstage/types';
import { type PorticoDatabase } from '@portico/database';
import { personal } from '@portico/plugin-audit-common';
import { appendAudit, type AuditContext } from '@portico/plugin-audit-node';
import {
  type Group,
  groupSchema,
  type PutGroup,
  putGroupSchema,
} from '@portico/plugin-tenancy-common';
import { type Knex } from 'knex';
import { z } from 'zod';
import { tenancyAuditActs } from '../auditActs';
import { refuseDirectoryGroup } from '../directory/ownership';
import { differences } from './differences';
import {
  isAdministered,
  keepAdministered,
  refuseForeignRoles,
} from './effectiveRoles';
import { lockDirectory } from './lockDirectory';
import { groupRef, type MemberAddress, memberRef } from './userRef';

/** An entry names this many of those who leave a group, and counts the rest. */
const MOST_MEMBERS_TOLD = 100;

const groupRowSchema = z.object({
  tenant: z.string(),
  name: z.string(),
  display_name: z.string(),
  type: z.string(),
  parent: z.string().nullable(),
  roles: z.array(z.string()),
  source: z.string().nullable(),
});

const GROUPS = `
  select groups.tenant, groups.name, groups.display_name, groups.type, groups.parent,
         groups.roles, directory.kind as source
    from portico_tenancy.groups
    left join portico_tenancy.directory_groups record
      on record.tenant = groups.tenant and record.group_name = groups.name
    left join portico_tenancy.directories directory on directory.tenant = record.tenant`;

/** The groups of the tenants. */
export class GroupStore {
  readonly #database: PorticoDatabase;

  constructor(options: { database: PorticoDatabase }) {
    this.#database = options.database;
  }

  async list(tenant: string): Promise<Group[]> {
    const { rows } = await this.#database.inTenant(tenant, transaction =>
      transaction.raw(
        `${GROUPS} where groups.tenant = ? order by groups.name`,
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
    by: AuditContext;
    /** Why, for the audit, where nobody asked for it. */
    reason?: string;
  }): Promise<Group> {
    const { tenant, name, by, reason } = options;
    const group = putGroupSchema.parse(options.group);
    const roles = [...new Set(group.roles)].sort();
    refuseForeignRoles(tenant, roles);
    return this.#database.inTenant(tenant, async transaction => {
      await lockDirectory(transaction, tenant);
      if (group.parent !== undefined) {
        await checkParent(transaction, { tenant, name, parent: group.parent });
      }
      const before = await findGroup(transaction, { tenant, name });
      if (
        before?.source &&
        (before.displayName !== group.displayName ||
          before.parent !== group.parent)
      ) {
        await refuseDirectoryGroup(transaction, { tenant, name });
      }
      const administered = await isAdministered(transaction, tenant);
      const { rows } = await transaction.raw(
        `insert into portico_tenancy.groups (tenant, name, display_name, type, parent, roles)
         values (?, ?, ?, ?, ?, ?)
         on conflict (tenant, name) do update
           set display_name = excluded.display_name, type = excluded.type,
               parent = excluded.parent, roles = excluded.roles
         returning tenant, name, display_name, type, parent, roles,
                   cast(? as text) as source`,
        [
          tenant,
          name,
          group.displayName,
          group.type,
          group.parent ?? null,
          roles,
          before?.source ?? null,
        ],
      );
      const after = toGroup(rows[0]);
      if (before && before.roles.join() !== after.roles.join()) {
        await renewMemberships(transaction, { tenant, name });
      }
      await keepAdministered(transaction, {
        tenant,
        before: administered,
        who: `The group "${name}"`,
      });
      const change = differences(
        before && auditableGroup(before),
        auditableGroup(after),
      );
      if (change) {
        await appendAudit(transaction, {
          chain: tenant,
          act: before
            ? tenancyAuditActs.groupChange
            : tenancyAuditActs.groupAdd,
          context: by,
          subject: { kind: 'group', ref: groupRef(tenant, name) },
          reason,
          change,
        });
      }
      return after;
    });
  }

  /** Removes a group; its members leave it, and groups below it become top ones. */
  async remove(options: {
    tenant: string;
    name: string;
    by: AuditContext;
  }): Promise<void> {
    const { tenant, name, by } = options;
    await this.#database.inTenant(tenant, async transaction => {
      await lockDirectory(transaction, tenant);
      const before = await findGroup(transaction, { tenant, name });
      if (!before) {
        throw new NotFoundError(`There is no group "${name}" in ${tenant}`);
      }
      await refuseDirectoryGroup(transaction, { tenant, name });
      const administered = await isAdministered(transaction, tenant);
      const left = await renewMemberships(transaction, { tenant, name });
      await transaction.raw(
        'delete from portico_tenancy.groups where tenant = ? and name = ?',
        [tenant, name],
      );
      await keepAdministered(transaction, {
        tenant,
        before: administered,
        who: `The group "${name}"`,
      });
      const members = left.map(memberRef).sort();
      await appendAudit(transaction, {
        chain: tenant,
        act: tenancyAuditActs.groupRemove,
        context: by,
        subject: { kind: 'group', ref: groupRef(tenant, name) },
        change: { before: auditableGroup(before) },
        details: {
          members: members
            .slice(0, MOST_MEMBERS_TOLD)
            .map(ref => personal(ref, ref)),
          count: members.length,
        },
      });
    });
  }
}

/** The rights of everybody in a group change. */
export async function renewMemberships(
  transaction: Knex.Transaction,
  group: MemberAddress,
): Promise<MemberAddress[]> {
  const { rows } = await transaction.raw(
    `update portico_tenancy.members member set version = version + 1
       from portico_tenancy.group_memberships membership
      where membership.tenant = member.tenant and membership.member = member.name
        and membership.tenant = ? and membership.group_name = ?
     returning member.tenant, member.name`,
    [group.tenant, group.name],
  );
  return z
    .array(z.object({ tenant: z.string(), name: z.string() }))
    .parse(rows);
}

/** One group; undefined when there is none of this name. */
export async function findGroup(
  transaction: Knex.Transaction,
  address: { tenant: string; name: string },
): Promise<Group | undefined> {
  const { rows } = await transaction.raw(
    `${GROUPS} where groups.tenant = ? and groups.name = ?`,
    [address.tenant, address.name],
  );
  return rows.length > 0 ? toGroup(rows[0]) : undefined;
}

/** What the audit tells of a group. */
export function auditableGroup(group: Group): JsonObject {
  return {
    displayName: group.displayName,
    type: group.type,
    parent: group.parent ?? null,
    roles: group.roles,
  };
}

/** @throws InputError when the parent is unknown, the group itself or below it */
export async function checkParent(
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
    roles: row.roles,
    source: row.source ?? undefined,
  });
}
