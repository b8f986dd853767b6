import { ConflictError } from '@backstage/errors';
import { type JsonObject } from '@backstage/types';
import { personal } from '@portico/plugin-audit-common';
import { appendAudit, type AuditContext } from '@portico/plugin-audit-node';
import {
  directoryKindSchema,
  type Identity,
  type Member,
  memberSchema,
} from '@portico/plugin-tenancy-common';
import { type Knex } from 'knex';
import { z } from 'zod';
import { tenancyAuditActs } from '../auditActs';
import { differences } from './differences';
import { type MemberAddress, memberRef } from './userRef';

/** Names of machines; their members are made with their first token. */
export const MACHINE_PREFIX = 'bot-';

/** Selects what `memberRowSchema` reads. */
export const MEMBERS = `
  select member.tenant, member.name, member.kind, member.display_name, member.email,
         member.roles, member.disabled_at, identity.issuer, identity.subject,
         array(select membership.group_name
                 from portico_tenancy.group_memberships membership
                where membership.tenant = member.tenant
                  and membership.member = member.name
                order by membership.group_name) as groups,
         directory.kind as source, record.active as directory_active
    from portico_tenancy.members member
    left join portico_tenancy.member_identities identity
      on identity.tenant = member.tenant and identity.member = member.name
    left join portico_tenancy.directory_people record
      on record.tenant = member.tenant and record.member = member.name
    left join portico_tenancy.directories directory on directory.tenant = record.tenant`;

export const memberRowSchema = z.object({
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
  source: directoryKindSchema.nullable(),
  /** Whether the directory that owns the member lets them in. */
  directory_active: z.boolean().nullable(),
});
/** A member as the tables hold them. */
export type MemberRow = z.infer<typeof memberRowSchema>;

/** One member; undefined when there is none of this name. */
export async function findMember(
  transaction: Knex.Transaction,
  address: MemberAddress,
): Promise<MemberRow | undefined> {
  const { rows } = await transaction.raw(
    `${MEMBERS} where member.tenant = ? and member.name = ?`,
    [address.tenant, address.name],
  );
  return z.array(memberRowSchema).parse(rows)[0];
}

/** Records what a member became; nothing when nothing changed. */
export async function recordMemberChange(
  transaction: Knex.Transaction,
  options: {
    before: MemberRow | undefined;
    after: MemberRow;
    sessionsEnded: number;
    by: AuditContext;
    reason?: string;
  },
): Promise<void> {
  const { before, after, sessionsEnded, by, reason } = options;
  const change = differences(
    before && auditableMember(before),
    auditableMember(after),
  );
  if (!change) {
    return;
  }
  await appendAudit(transaction, {
    chain: after.tenant,
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
export function auditableMember(row: MemberRow): JsonObject {
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

/** Gives a member an identity, in place of the one that they had. */
export async function replaceIdentity(
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

/** The member as the API shows them. */
export function toMember(row: MemberRow): Member {
  return memberSchema.parse({
    tenant: row.tenant,
    name: row.name,
    kind: row.kind,
    displayName: row.display_name,
    email: row.email ?? undefined,
    roles: row.roles,
    groups: row.groups,
    disabledAt: row.disabled_at?.toISOString(),
    source: row.source ?? undefined,
  });
}
