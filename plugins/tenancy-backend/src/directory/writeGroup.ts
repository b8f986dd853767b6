import { randomUUID } from 'crypto';
import { ConflictError, InputError, NotFoundError } from '@backstage/errors';
import { personal } from '@portico/plugin-audit-common';
import { appendAudit } from '@portico/plugin-audit-node';
import { type Knex } from 'knex';
import { z } from 'zod';
import { tenancyAuditActs } from '../auditActs';
import { differences } from '../service/differences';
import {
  auditableGroup,
  checkParent,
  findGroup,
  renewMemberships,
} from '../service/GroupStore';
import { groupRef, memberRef } from '../service/userRef';
import { freeName, nameOf } from './nameOf';
import { type DirectoryChange } from './writePerson';

/** Groups that one directory may own, and people in one group. */
export const MOST_GROUPS = 5_000;
export const MOST_GROUP_MEMBERS = 10_000;

/** An entry names this many of those who come or go, and counts the rest. */
const MOST_MEMBERS_TOLD = 100;

/** A group as a directory tells of it. */
export interface DirectoryGroup {
  displayName: string;
  externalId?: string;
  /** Ids of the people in it. */
  people: readonly string[];
  /** Ids of the groups below it; undefined leaves the hierarchy as it is. */
  groups?: readonly string[];
}

/**
 * Writes a group of the directory, in a transaction that holds `lockDirectory`. A new
 * one has no roles, and never takes over a group that is kept by hand: else whoever
 * names a group in the directory would give themselves its roles.
 *
 * @param id - of the group's record; undefined for a new one
 * @returns the id of the record
 */
export async function writeGroup(
  transaction: Knex.Transaction,
  options: DirectoryChange & { id?: string; group: DirectoryGroup },
): Promise<string> {
  const { directory, group, by, reason, now } = options;
  const { tenant } = directory;
  if (group.people.length > MOST_GROUP_MEMBERS) {
    throw new InputError(
      `The group "${group.displayName}" has more than ${MOST_GROUP_MEMBERS} members, which is the limit`,
    );
  }
  await refuseTaken(transaction, options);
  const known =
    options.id === undefined
      ? undefined
      : await findName(transaction, { tenant, id: options.id });
  const name = known ?? (await newName(transaction, { tenant, group }));
  const before = await findGroup(transaction, { tenant, name });
  const id = options.id ?? randomUUID();
  await transaction.raw(
    `insert into portico_tenancy.groups (tenant, name, display_name, type)
     values (?, ?, ?, 'team')
     on conflict (tenant, name) do update set display_name = excluded.display_name`,
    [tenant, name, group.displayName],
  );
  await transaction.raw(
    `insert into portico_tenancy.directory_groups as record
       (tenant, id, group_name, external_id, created_at, changed_at)
     values (:tenant, :id, :name, :externalId, :now, :now)
     on conflict (tenant, id) do update
       set external_id = excluded.external_id, version = record.version + 1,
           changed_at = excluded.changed_at`,
    { tenant, id, name, externalId: group.externalId ?? null, now },
  );
  const after = await findGroup(transaction, { tenant, name });
  const change =
    after &&
    differences(before && auditableGroup(before), auditableGroup(after));
  if (change) {
    await appendAudit(transaction, {
      chain: tenant,
      act: before ? tenancyAuditActs.groupChange : tenancyAuditActs.groupAdd,
      context: by,
      subject: { kind: 'group', ref: groupRef(tenant, name) },
      reason,
      change,
    });
  }
  await setMembers(transaction, { ...options, name });
  if (group.groups) {
    await setGroupsBelow(transaction, {
      ...options,
      name,
      below: group.groups,
    });
  }
  return id;
}

/** @throws NotFoundError when the directory has no such group */
export async function removeGroup(
  transaction: Knex.Transaction,
  options: DirectoryChange & { id: string },
): Promise<void> {
  const { directory, id, by, reason } = options;
  const { tenant } = directory;
  const name = await findName(transaction, { tenant, id });
  const before = await findGroup(transaction, { tenant, name });
  const left = await renewMemberships(transaction, { tenant, name });
  await transaction.raw(
    'delete from portico_tenancy.groups where tenant = ? and name = ?',
    [tenant, name],
  );
  await appendAudit(transaction, {
    chain: tenant,
    act: tenancyAuditActs.groupRemove,
    context: by,
    subject: { kind: 'group', ref: groupRef(tenant, name) },
    reason,
    ...(before && { change: { before: auditableGroup(before) } }),
    details: {
      members: told(left.map(memberRef)),
      count: left.length,
    },
  });
}

/** Makes the people of the list, and nobody else, the group's members. */
async function setMembers(
  transaction: Knex.Transaction,
  options: DirectoryChange & { name: string; group: DirectoryGroup },
): Promise<void> {
  const { directory, name, group, by, reason } = options;
  const { tenant } = directory;
  const people = [...new Set(group.people)];
  const { rows: wantedRows } = await transaction.raw(
    `select member from portico_tenancy.directory_people
      where tenant = ? and removed_at is null and id = any(cast(? as uuid[]))`,
    [tenant, people],
  );
  const wanted = names(wantedRows);
  if (wanted.length < people.length) {
    throw new InputError(
      `${people.length - wanted.length} of the members of "${
        group.displayName
      }" are not in the directory of ${tenant}: provision the people before the group`,
    );
  }
  const { rows: gone } = await transaction.raw(
    `delete from portico_tenancy.group_memberships
      where tenant = ? and group_name = ? and member <> all(cast(? as text[]))
     returning member`,
    [tenant, name, wanted],
  );
  const { rows: come } = await transaction.raw(
    `insert into portico_tenancy.group_memberships (tenant, member, group_name)
     select ?, wanted.member, ? from unnest(cast(? as text[])) as wanted (member)
     on conflict do nothing returning member`,
    [tenant, name, wanted],
  );
  const added = names(come);
  const removed = names(gone);
  if (added.length + removed.length === 0) {
    return;
  }
  // Their rights change, and each request asks for the version.
  await transaction.raw(
    `update portico_tenancy.members set version = version + 1
      where tenant = ? and name = any(cast(? as text[]))`,
    [tenant, [...added, ...removed]],
  );
  const refs = (members: string[]) =>
    told(members.map(member => memberRef({ tenant, name: member })));
  await appendAudit(transaction, {
    chain: tenant,
    act: tenancyAuditActs.groupMembers,
    context: by,
    subject: { kind: 'group', ref: groupRef(tenant, name) },
    reason,
    details: {
      added: refs(added),
      removed: refs(removed),
      addedCount: added.length,
      removedCount: removed.length,
    },
  });
}

/** Puts the groups of the list below this one, and takes all others from there. */
async function setGroupsBelow(
  transaction: Knex.Transaction,
  options: DirectoryChange & { name: string; below: readonly string[] },
): Promise<void> {
  const { directory, name, below, by, reason } = options;
  const { tenant } = directory;
  const { rows } = await transaction.raw(
    `select record.id, record.group_name as name, groups.parent
       from portico_tenancy.directory_groups record
       join portico_tenancy.groups
         on groups.tenant = record.tenant and groups.name = record.group_name
      where record.tenant = ?
        and (record.id = any(cast(? as uuid[])) or groups.parent = ?)`,
    [tenant, [...below], name],
  );
  const found = z
    .array(
      z.object({
        id: z.string(),
        name: z.string(),
        parent: z.string().nullable(),
      }),
    )
    .parse(rows);
  const unknown = below.find(id => !found.some(group => group.id === id));
  if (unknown !== undefined) {
    throw new InputError(
      `There is no group ${unknown} in the directory of ${tenant}: provision groups before those above them`,
    );
  }
  for (const child of found) {
    const wanted = below.includes(child.id);
    if (wanted && child.parent !== null && child.parent !== name) {
      throw new InputError(
        `The group "${child.name}" lies below "${child.parent}" already, and a group lies below one at most`,
      );
    }
    const parent = wanted ? name : null;
    if (child.parent !== parent) {
      if (wanted) {
        await checkParent(transaction, {
          tenant,
          name: child.name,
          parent: name,
        });
      }
      await transaction.raw(
        'update portico_tenancy.groups set parent = ? where tenant = ? and name = ?',
        [parent, tenant, child.name],
      );
      await appendAudit(transaction, {
        chain: tenant,
        act: tenancyAuditActs.groupChange,
        context: by,
        subject: { kind: 'group', ref: groupRef(tenant, child.name) },
        reason,
        change: { before: { parent: child.parent }, after: { parent } },
      });
    }
  }
}

async function refuseTaken(
  transaction: Knex.Transaction,
  options: DirectoryChange & { id?: string; group: DirectoryGroup },
): Promise<void> {
  const { tenant } = options.directory;
  const { rows } = await transaction.raw(
    `select count(*)::integer as count,
            coalesce(bool_or(external_id = cast(:externalId as text)
              and (cast(:id as uuid) is null or id <> cast(:id as uuid))), false) as taken
       from portico_tenancy.directory_groups where tenant = :tenant`,
    {
      tenant,
      id: options.id ?? null,
      externalId: options.group.externalId ?? null,
    },
  );
  const [{ count, taken }] = z
    .array(z.object({ count: z.number(), taken: z.boolean() }))
    .parse(rows);
  if (taken) {
    throw new ConflictError(
      `The externalId of "${options.group.displayName}" belongs to another group of ${tenant}`,
    );
  }
  if (options.id === undefined && count >= MOST_GROUPS) {
    throw new ConflictError(
      `The directory of ${tenant} has ${MOST_GROUPS} groups, which is the limit: remove some first`,
    );
  }
}

async function findName(
  transaction: Knex.Transaction,
  address: { tenant: string; id: string },
): Promise<string> {
  const { rows } = await transaction.raw(
    `select group_name as member from portico_tenancy.directory_groups
      where tenant = ? and id = ?`,
    [address.tenant, address.id],
  );
  const [name] = names(rows);
  if (name === undefined) {
    throw new NotFoundError(
      `There is no group ${address.id} in ${address.tenant}`,
    );
  }
  return name;
}

async function newName(
  transaction: Knex.Transaction,
  { tenant, group }: { tenant: string; group: DirectoryGroup },
): Promise<string> {
  const name = nameOf(group.displayName, 'group');
  const { rows } = await transaction.raw(
    `select name as member from portico_tenancy.groups
      where tenant = ? and (name = ? or name like ?)`,
    [tenant, name, `${name}-%`],
  );
  return freeName(name, new Set(names(rows)));
}

function names(rows: unknown): string[] {
  return z
    .array(z.object({ member: z.string() }))
    .parse(rows)
    .map(({ member }) => member)
    .sort();
}

function told(refs: string[]) {
  return refs
    .sort()
    .slice(0, MOST_MEMBERS_TOLD)
    .map(ref => personal(ref, ref));
}
