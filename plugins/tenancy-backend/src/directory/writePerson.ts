import { randomUUID } from 'crypto';
import { ConflictError, InputError, NotFoundError } from '@backstage/errors';
import { type AuditContext } from '@portico/plugin-audit-node';
import { type Identity } from '@portico/plugin-tenancy-common';
import { type Knex } from 'knex';
import { z } from 'zod';
import {
  findMember,
  type MemberRow,
  recordMemberChange,
  replaceIdentity,
} from '../service/memberRows';
import { endSessions } from '../service/SessionStore';
import { type OwningDirectory } from './OwningDirectory';
import { freeName, nameOf } from './nameOf';

/** People that one directory may own. */
export const MOST_PEOPLE = 50_000;

/** A person as a directory tells of them. */
export interface DirectoryPerson {
  userName: string;
  externalId?: string;
  displayName: string;
  givenName?: string;
  familyName?: string;
  email?: string;
  active: boolean;
}

/** Everything of a change besides what it is about. */
export interface DirectoryChange {
  directory: OwningDirectory;
  by: AuditContext;
  /** Why, for the audit. */
  reason: string;
  now: Date;
}

const recordSchema = z.object({
  id: z.string(),
  member: z.string(),
  locked: z.boolean(),
});

/**
 * Writes a person of the directory, in a transaction that holds `lockDirectory`.
 *
 * Whoever has the same identity already is that person, also when they were kept by hand
 * or had left: they keep name and ref. Nobody else's name is taken over.
 *
 * The last administrator of a tenant is let go too: who left must not stay for that.
 *
 * @param id - of the person's record; undefined for somebody new
 * @returns the id of the record
 * @throws ConflictError when user name, external id or identity are somebody else's
 */
export async function writePerson(
  transaction: Knex.Transaction,
  options: DirectoryChange & { id?: string; person: DirectoryPerson },
): Promise<string> {
  const { directory, person, by, reason, now } = options;
  const { tenant } = directory;
  const identity = identityOf(directory, person);
  await refuseTaken(transaction, options);
  const record =
    options.id === undefined
      ? await findReturning(transaction, { tenant, identity })
      : await findRecord(transaction, { tenant, id: options.id });
  if (options.id !== undefined && !record) {
    throw new NotFoundError(`There is no person ${options.id} in ${tenant}`);
  }
  const adopted = record
    ? record.member
    : await findByIdentity(transaction, { tenant, identity });
  const before =
    adopted === undefined
      ? undefined
      : await findMember(transaction, { tenant, name: adopted });
  const name = before?.name ?? (await newName(transaction, { tenant, person }));
  // Who was disabled by hand before the directory knew them stays so.
  const locked =
    record?.locked ?? (before !== undefined && before.disabled_at !== null);
  const disabledAt =
    person.active && !locked ? null : before?.disabled_at ?? now;
  const identityChanges =
    identity.issuer !== before?.issuer || identity.subject !== before.subject;
  const rightsChange =
    identityChanges ||
    (before?.disabled_at ?? null)?.getTime() !== disabledAt?.getTime();
  await transaction.raw(
    `insert into portico_tenancy.members as member
       (tenant, name, kind, display_name, email, roles, disabled_at, created_at)
     values (:tenant, :name, 'person', :displayName, :email, '{viewer}', :disabledAt, :now)
     on conflict (tenant, name) do update
       set display_name = excluded.display_name, email = excluded.email,
           disabled_at = excluded.disabled_at, version = member.version + :step`,
    {
      tenant,
      name,
      displayName: person.displayName,
      email: person.email ?? null,
      disabledAt,
      now,
      step: rightsChange ? 1 : 0,
    },
  );
  if (identityChanges) {
    await replaceIdentity(transaction, { tenant, name, identity });
  }
  const sessionsEnded =
    before && (identityChanges || disabledAt !== null)
      ? await endSessions(transaction, { tenant, name, at: now })
      : 0;
  const id = record?.id ?? randomUUID();
  await writeRecord(transaction, {
    tenant,
    id,
    member: name,
    locked,
    person,
    now,
  });
  await recordMemberChange(transaction, {
    before,
    after: await mustFind(transaction, { tenant, name }),
    sessionsEnded,
    by,
    reason,
  });
  return id;
}

/**
 * Takes a person out of the directory: disabled, without roles and without the
 * directory's groups, but still there, so that nobody else ever gets their ref.
 *
 * @throws NotFoundError when the directory has no such person
 */
export async function removePerson(
  transaction: Knex.Transaction,
  options: DirectoryChange & { id: string },
): Promise<void> {
  const { directory, id, by, reason, now } = options;
  const { tenant } = directory;
  const record = await findRecord(transaction, { tenant, id });
  if (!record) {
    throw new NotFoundError(`There is no person ${id} in ${tenant}`);
  }
  const name = record.member;
  const before = await mustFind(transaction, { tenant, name });
  await transaction.raw(
    `update portico_tenancy.members
        set disabled_at = coalesce(disabled_at, ?), roles = '{}', version = version + 1
      where tenant = ? and name = ?`,
    [now, tenant, name],
  );
  await transaction.raw(
    'delete from portico_tenancy.group_memberships where tenant = ? and member = ?',
    [tenant, name],
  );
  await transaction.raw(
    `update portico_tenancy.directory_people
        set active = false, removed_at = :now, changed_at = :now, version = version + 1
      where tenant = :tenant and id = :id`,
    { tenant, id, now },
  );
  const sessionsEnded = await endSessions(transaction, {
    tenant,
    name,
    at: now,
  });
  await recordMemberChange(transaction, {
    before,
    after: await mustFind(transaction, { tenant, name }),
    sessionsEnded,
    by,
    reason,
  });
}

function identityOf(
  directory: OwningDirectory,
  person: DirectoryPerson,
): Identity {
  const subject =
    directory.subject === 'externalId' ? person.externalId : person.userName;
  if (!subject) {
    throw new InputError(
      `"${person.userName}" has no ${directory.subject}, by which the directory of ${directory.tenant} tells who signs in: map it to the "sub" of the sign-in`,
    );
  }
  return { issuer: directory.issuer, subject };
}

async function refuseTaken(
  transaction: Knex.Transaction,
  options: DirectoryChange & { id?: string; person: DirectoryPerson },
): Promise<void> {
  const { directory, id, person } = options;
  const { rows } = await transaction.raw(
    `select lower(user_name) = lower(:userName) as same_name,
            (select count(*)::integer from portico_tenancy.directory_people
              where tenant = :tenant and removed_at is null) as count
       from (select 1) as always
       left join portico_tenancy.directory_people
         on tenant = :tenant and removed_at is null
        and (cast(:id as uuid) is null or id <> cast(:id as uuid))
        and (lower(user_name) = lower(:userName)
             or external_id = cast(:externalId as text))
      limit 1`,
    {
      tenant: directory.tenant,
      id: id ?? null,
      userName: person.userName,
      externalId: person.externalId ?? null,
    },
  );
  const [{ same_name: sameName, count }] = z
    .array(z.object({ same_name: z.boolean().nullable(), count: z.number() }))
    .parse(rows);
  if (sameName !== null) {
    throw new ConflictError(
      `The ${sameName ? 'userName' : 'externalId'} of "${
        person.userName
      }" belongs to another person of ${directory.tenant}`,
    );
  }
  if (id === undefined && count >= MOST_PEOPLE) {
    throw new ConflictError(
      `The directory of ${directory.tenant} has ${MOST_PEOPLE} people, which is the limit: remove some first`,
    );
  }
}

async function findRecord(
  transaction: Knex.Transaction,
  address: { tenant: string; id: string },
) {
  const { rows } = await transaction.raw(
    `select id, member, locked from portico_tenancy.directory_people
      where tenant = ? and id = ? and removed_at is null`,
    [address.tenant, address.id],
  );
  return z.array(recordSchema).parse(rows)[0];
}

/** The record of somebody who had left the directory. */
async function findReturning(
  transaction: Knex.Transaction,
  options: { tenant: string; identity: Identity },
) {
  const { rows } = await transaction.raw(
    `select record.id, record.member, record.locked
       from portico_tenancy.directory_people record
       join portico_tenancy.member_identities identity
         on identity.tenant = record.tenant and identity.member = record.member
      where record.tenant = ? and record.removed_at is not null
        and identity.issuer = ? and identity.subject = ?`,
    [options.tenant, options.identity.issuer, options.identity.subject],
  );
  return z.array(recordSchema).parse(rows)[0];
}

/** The member who has the identity and is kept by hand. */
async function findByIdentity(
  transaction: Knex.Transaction,
  options: { tenant: string; identity: Identity },
): Promise<string | undefined> {
  const { rows } = await transaction.raw(
    `select identity.member, record.id is not null as owned
       from portico_tenancy.member_identities identity
       left join portico_tenancy.directory_people record
         on record.tenant = identity.tenant and record.member = identity.member
      where identity.tenant = ? and identity.issuer = ? and identity.subject = ?`,
    [options.tenant, options.identity.issuer, options.identity.subject],
  );
  const [found] = z
    .array(z.object({ member: z.string(), owned: z.boolean() }))
    .parse(rows);
  if (found?.owned) {
    throw new ConflictError(
      `The identity ${options.identity.subject} belongs to "${found.member}" of ${options.tenant} already`,
    );
  }
  return found?.member;
}

async function newName(
  transaction: Knex.Transaction,
  options: { tenant: string; person: DirectoryPerson },
): Promise<string> {
  const name = nameOf(options.person.userName, 'person');
  const { rows } = await transaction.raw(
    `select name from portico_tenancy.members
      where tenant = ? and (name = ? or name like ?)`,
    [options.tenant, name, `${name}-%`],
  );
  const taken = z.array(z.object({ name: z.string() })).parse(rows);
  return freeName(name, new Set(taken.map(member => member.name)));
}

async function writeRecord(
  transaction: Knex.Transaction,
  options: {
    tenant: string;
    id: string;
    member: string;
    locked: boolean;
    person: DirectoryPerson;
    now: Date;
  },
): Promise<void> {
  const { person, ...address } = options;
  await transaction.raw(
    `insert into portico_tenancy.directory_people as record
       (tenant, id, member, user_name, external_id, given_name, family_name, active,
        locked, created_at, changed_at)
     values (:tenant, :id, :member, :userName, :externalId, :givenName, :familyName,
             :active, :locked, :now, :now)
     on conflict (tenant, id) do update
       set user_name = excluded.user_name, external_id = excluded.external_id,
           given_name = excluded.given_name, family_name = excluded.family_name,
           active = excluded.active, version = record.version + 1,
           changed_at = excluded.changed_at, removed_at = null`,
    {
      ...address,
      userName: person.userName,
      externalId: person.externalId ?? null,
      givenName: person.givenName ?? null,
      familyName: person.familyName ?? null,
      active: person.active,
    },
  );
}

async function mustFind(
  transaction: Knex.Transaction,
  address: { tenant: string; name: string },
): Promise<MemberRow> {
  const member = await findMember(transaction, address);
  if (!member) {
    throw new NotFoundError(
      `There is no member "${address.name}" in ${address.tenant}`,
    );
  }
  return member;
}
