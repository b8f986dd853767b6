import { InputError, NotFoundError } from '@backstage/errors';
import { type PorticoDatabase } from '@portico/database';
import { appendAudit, type AuditContext } from '@portico/plugin-audit-node';
import {
  type Member,
  type PutMember,
  putMemberSchema,
} from '@portico/plugin-tenancy-common';
import { type Knex } from 'knex';
import { z } from 'zod';
import { tenancyAuditActs } from '../auditActs';
import {
  isAdministered,
  keepAdministered,
  refuseForeignRoles,
} from './effectiveRoles';
import { lockDirectory } from './lockDirectory';
import {
  keepDirectoryMember,
  refuseDirectoryMemberships,
  refuseDirectoryRemoval,
} from '../directory/ownership';
import {
  auditableMember,
  findMember,
  MACHINE_PREFIX,
  MEMBERS,
  memberRowSchema,
  recordMemberChange,
  replaceIdentity,
  toMember,
} from './memberRows';
import { endSessions } from './SessionStore';
import { type MemberAddress, memberRef } from './userRef';

/** The people of the tenants, with their roles and groups. */
export class MemberStore {
  readonly #database: PorticoDatabase;
  readonly #now: () => Date;

  constructor(options: { database: PorticoDatabase; now: () => Date }) {
    this.#database = options.database;
    this.#now = options.now;
  }

  async list(tenant: string): Promise<Member[]> {
    const { rows } = await this.#database.inTenant(tenant, transaction =>
      transaction.raw(
        `${MEMBERS} where member.tenant = ? order by member.name`,
        [tenant],
      ),
    );
    return z.array(memberRowSchema).parse(rows).map(toMember);
  }

  /**
   * Writes all of a person, except that without `identity` a known identity stays:
   * it cannot be read back, so whoever changes a role could not repeat it. A new
   * identity and disabling end the person's sessions.
   *
   * @throws InputError for an unknown group or a role that the tenant does not have
   * @throws ConflictError when the last administrator would go, or the identity is
   *   another member's
   */
  async put(options: {
    tenant: string;
    name: string;
    member: PutMember;
    by: AuditContext;
    /** Why, for the audit, where nobody asked for it. */
    reason?: string;
  }): Promise<{ member: Member; created: boolean }> {
    const { tenant, name } = options;
    const member = putMemberSchema.parse(options.member);
    const wish = {
      ...member,
      roles: [...new Set(member.roles)],
      groups: [...new Set(member.groups)].sort(),
    };
    refuseMachineName(name);
    refuseForeignRoles(tenant, wish.roles);
    return this.#database.inTenant(tenant, async transaction => {
      await lockDirectory(transaction, tenant);
      await refuseUnknownGroups(transaction, { tenant, groups: wish.groups });
      const before = await findMember(transaction, { tenant, name });
      const administered = await isAdministered(transaction, tenant);
      const now = this.#now();
      await refuseDirectoryMemberships(transaction, {
        tenant,
        before: before?.groups ?? [],
        after: wish.groups,
      });
      if (before?.source) {
        keepDirectoryMember(before, wish);
      }
      const disabledAt = wish.disabled ? before?.disabled_at ?? now : null;
      const identityChanges =
        wish.identity !== undefined &&
        (wish.identity.issuer !== before?.issuer ||
          wish.identity.subject !== before.subject);
      const rightsChange =
        identityChanges ||
        (before?.disabled_at === null) === wish.disabled ||
        !sameSet(before?.roles ?? [], wish.roles) ||
        !sameSet(before?.groups ?? [], wish.groups);
      await transaction.raw(
        `insert into portico_tenancy.members as member
           (tenant, name, kind, display_name, email, roles, disabled_at, created_at)
         values (:tenant, :name, 'person', :displayName, :email, :roles, :disabledAt, :now)
         on conflict (tenant, name) do update
           set display_name = excluded.display_name, email = excluded.email,
               roles = excluded.roles, disabled_at = excluded.disabled_at,
               version = member.version + :step`,
        {
          tenant,
          name,
          displayName: wish.displayName,
          email: wish.email ?? null,
          roles: wish.roles,
          disabledAt,
          now,
          step: rightsChange ? 1 : 0,
        },
      );
      await transaction.raw(
        `update portico_tenancy.directory_people set locked = ?
          where tenant = ? and member = ? and active`,
        [wish.disabled, tenant, name],
      );
      await replaceGroups(transaction, { tenant, name, groups: wish.groups });
      if (wish.identity && identityChanges) {
        await replaceIdentity(transaction, {
          tenant,
          name,
          identity: wish.identity,
        });
      }
      const sessionsEnded =
        before && (identityChanges || wish.disabled)
          ? await endSessions(transaction, { tenant, name, at: now })
          : 0;
      await keepAdministered(transaction, {
        tenant,
        before: administered,
        who: `"${name}"`,
      });
      const after = await findMember(transaction, { tenant, name });
      if (!after) {
        throw new NotFoundError(`There is no member "${name}" in ${tenant}`);
      }
      await recordMemberChange(transaction, {
        ...options,
        before,
        after,
        sessionsEnded,
      });
      return { member: toMember(after), created: before === undefined };
    });
  }

  /** Removes a person; the next request of their tokens is refused. */
  async remove(options: MemberAddress & { by: AuditContext }): Promise<void> {
    refuseMachineName(options.name);
    const { tenant, name, by } = options;
    await this.#database.inTenant(tenant, async transaction => {
      await lockDirectory(transaction, tenant);
      const before = await findMember(transaction, { tenant, name });
      if (!before) {
        throw new NotFoundError(`There is no member "${name}" in ${tenant}`);
      }
      await refuseDirectoryRemoval(transaction, { tenant, name });
      const administered = await isAdministered(transaction, tenant);
      const sessionsEnded = await endSessions(transaction, {
        tenant,
        name,
        at: this.#now(),
      });
      // What the person approved must not count for a new member of this name.
      await transaction.raw(
        'delete from portico_tenancy.device_requests where tenant = ? and member = ?',
        [tenant, name],
      );
      await transaction.raw(
        'delete from portico_tenancy.members where tenant = ? and name = ?',
        [tenant, name],
      );
      await keepAdministered(transaction, {
        tenant,
        before: administered,
        who: `"${name}"`,
      });
      await appendAudit(transaction, {
        chain: tenant,
        act: tenancyAuditActs.memberRemove,
        context: by,
        subject: { kind: 'member', ref: memberRef(before) },
        change: { before: auditableMember(before) },
        details: { sessionsEnded },
      });
    });
  }
}

function refuseMachineName(name: string): void {
  if (name.startsWith(MACHINE_PREFIX)) {
    throw new InputError(
      `"${name}" is no name of a person: names that begin with "${MACHINE_PREFIX}" belong to machines, which come and go with their tokens`,
    );
  }
}

async function refuseUnknownGroups(
  transaction: Knex.Transaction,
  options: { tenant: string; groups: string[] },
): Promise<void> {
  const { rows } = await transaction.raw(
    `select wanted.name
       from unnest(cast(:groups as text[])) as wanted (name)
      where not exists (select 1 from portico_tenancy.groups
                         where groups.tenant = :tenant and groups.name = wanted.name)`,
    options,
  );
  const unknown = z.array(z.object({ name: z.string() })).parse(rows);
  if (unknown.length > 0) {
    throw new InputError(
      `No group of ${options.tenant}: ${unknown
        .map(({ name }) => name)
        .join(', ')}; create it first`,
    );
  }
}

async function replaceGroups(
  transaction: Knex.Transaction,
  options: MemberAddress & { groups: string[] },
): Promise<void> {
  const bindings = { ...options };
  await transaction.raw(
    `delete from portico_tenancy.group_memberships
      where tenant = :tenant and member = :name
        and group_name <> all(cast(:groups as text[]))`,
    bindings,
  );
  await transaction.raw(
    `insert into portico_tenancy.group_memberships (tenant, member, group_name)
     select :tenant, :name, wanted.name
       from unnest(cast(:groups as text[])) as wanted (name)
     on conflict do nothing`,
    bindings,
  );
}

function sameSet(left: string[], right: string[]): boolean {
  return (
    left.length === right.length && left.every(value => right.includes(value))
  );
}
