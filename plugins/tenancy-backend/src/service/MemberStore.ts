import { ConflictError, InputError, NotFoundError } from '@backstage/errors';
import { type JsonObject } from '@backstage/types';
import { type PorticoDatabase } from '@portico/database';
import { personal } from '@portico/plugin-audit-common';
import { appendAudit, type AuditContext } from '@portico/plugin-audit-node';
import {
  type Identity,
  type Member,
  memberSchema,
  type PutMember,
  putMemberSchema,
} from '@portico/plugin-tenancy-common';
import { type Knex } from 'knex';
import { z } from 'zod';
import { tenancyAuditActs } from '../auditActs';
import { differences } from './differences';
import {
  isAdministered,
  keepAdministered,
  refuseForeignRoles,
} from './effectiveRoles';
import { lockDirectory } from './lockDirectory';
import { endSessions } from './SessionStore';
import { type MemberAddress, memberRef } from './userRef';

/** Names of machines; their members are made with their first token. */
const MACHINE_PREFIX = 'bot-';

const MEMBERS = `
  select member.tenant, member.name, member.kind, member.display_name, member.email,
         member.roles, member.disabled_at, identity.issuer, identity.subject,
         array(select membership.group_name
                 from portico_tenancy.group_memberships membership
                where membership.tenant = member.tenant
                  and membership.member = member.name
                order by membership.group_name) as groups
    from portico_tenancy.members member
    left join portico_tenancy.member_identities identity
      on identity.tenant = member.tenant and identity.member = member.name`;

const memberRowSchema = z.object({
  tenant: z.string(),
  name: z.string(),
  kind: z.string(),
  display_name: z.string(),
  email: z.string().nullable(),
  roles: z.array(z.string()),
  disabled_at: z.date().nullable(),
  issuer: z.string().nullable(),
  subject: z.string().nullable(),
  groups: z.array(z.string()),
});
type MemberRow = z.infer<typeof memberRowSchema>;

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
      const before = await find(transaction, { tenant, name });
      const administered = await isAdministered(transaction, tenant);
      const now = this.#now();
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
      const after = await find(transaction, { tenant, name });
      if (!after) {
        throw new NotFoundError(`There is no member "${name}" in ${tenant}`);
      }
      await appendChange(transaction, {
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
      const before = await find(transaction, { tenant, name });
      if (!before) {
        throw new NotFoundError(`There is no member "${name}" in ${tenant}`);
      }
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

/** Records what a member became; nothing when nothing changed. */
async function appendChange(
  transaction: Knex.Transaction,
  options: {
    tenant: string;
    before: MemberRow | undefined;
    after: MemberRow;
    sessionsEnded: number;
    by: AuditContext;
    reason?: string;
  },
): Promise<void> {
  const { tenant, before, after, sessionsEnded, by, reason } = options;
  const change = differences(
    before && auditableMember(before),
    auditableMember(after),
  );
  if (!change) {
    return;
  }
  await appendAudit(transaction, {
    chain: tenant,
    act: actOf(before, after),
    context: by,
    subject: { kind: 'member', ref: memberRef(after) },
    reason,
    change,
    ...(sessionsEnded > 0 && { details: { sessionsEnded } }),
  });
}

function actOf(before: MemberRow | undefined, after: MemberRow) {
  if (!before) {
    return tenancyAuditActs.memberAdd;
  }
  return before.disabled_at === null && after.disabled_at !== null
    ? tenancyAuditActs.memberDisable
    : tenancyAuditActs.memberChange;
}

/** What the audit tells of a member; what is about the person can be erased. */
function auditableMember(row: MemberRow): JsonObject {
  const mark = (value: string | null) =>
    value === null ? null : personal(memberRef(row), value);
  return {
    displayName: mark(row.display_name),
    email: mark(row.email),
    identity: mark(row.subject && `${row.subject} of ${row.issuer}`),
    roles: row.roles,
    groups: row.groups,
    disabled: row.disabled_at !== null,
  };
}

async function find(
  transaction: Knex.Transaction,
  address: MemberAddress,
): Promise<MemberRow | undefined> {
  const { rows } = await transaction.raw(
    `${MEMBERS} where member.tenant = ? and member.name = ?`,
    [address.tenant, address.name],
  );
  return z.array(memberRowSchema).parse(rows)[0];
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

async function replaceIdentity(
  transaction: Knex.Transaction,
  options: MemberAddress & { identity: Identity },
): Promise<void> {
  const { tenant, name, identity } = options;
  const { rows } = await transaction.raw(
    `select member from portico_tenancy.member_identities
      where tenant = ? and issuer = ? and subject = ? and member <> ?`,
    [tenant, identity.issuer, identity.subject, name],
  );
  if (rows.length > 0) {
    throw new ConflictError(
      `This identity belongs to the member "${rows[0].member}" of ${tenant} already`,
    );
  }
  await transaction.raw(
    `insert into portico_tenancy.member_identities (tenant, member, issuer, subject)
     values (?, ?, ?, ?)
     on conflict (tenant, member) do update
       set issuer = excluded.issuer, subject = excluded.subject`,
    [tenant, name, identity.issuer, identity.subject],
  );
}

function sameSet(left: string[], right: string[]): boolean {
  return (
    left.length === right.length && left.every(value => right.includes(value))
  );
}

function toMember(row: MemberRow): Member {
  return memberSchema.parse({
    tenant: row.tenant,
    name: row.name,
    kind: row.kind,
    displayName: row.display_name,
    email: row.email ?? undefined,
    roles: row.roles,
    groups: row.groups,
    disabledAt: row.disabled_at?.toISOString(),
  });
}
