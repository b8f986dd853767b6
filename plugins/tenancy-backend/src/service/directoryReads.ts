import { type Entity } from '@backstage/catalog-model';
import { type PorticoDatabase } from '@portico/database';
import {
  type Identity,
  PERSONA_ISSUER,
  type Persona,
  personaSchema,
  PLATFORM_TENANT,
  roleSchema,
  type Tenant,
} from '@portico/plugin-tenancy-common';
import { type DirectoryMember } from '@portico/plugin-tenancy-node';
import { z } from 'zod';
import { EFFECTIVE_ROLES } from './effectiveRoles';
import { groupRef, memberRef } from './userRef';

const directoryRowSchema = z.object({
  tenant: z.string(),
  name: z.string(),
  display_name: z.string(),
});

const groupRowSchema = directoryRowSchema.extend({
  type: z.string(),
  parent: z.string().nullable(),
});

const personRowSchema = directoryRowSchema.extend({
  email: z.string().nullable(),
  groups: z.array(z.string()),
});

const GROUPS_OF_MEMBER = `
  array(select membership.group_name from portico_tenancy.group_memberships membership
         where membership.tenant = member.tenant and membership.member = member.name
         order by membership.group_name) as groups`;

/** `union` leaves out what was found, so that even a circle would end. */
const GROUPS_ABOVE_MEMBER = `
  array(with recursive above(name) as (
          select own.parent from portico_tenancy.group_memberships membership
            join portico_tenancy.groups own
              on own.tenant = membership.tenant and own.name = membership.group_name
           where membership.tenant = member.tenant and membership.member = member.name
           union
          select higher.parent from portico_tenancy.groups higher
            join above on higher.tenant = member.tenant and higher.name = above.name)
        select name from above where name is not null order by name) as groups_above`;

/** User and Group entities of every tenant; machines and disabled people are left out. */
export async function readDirectoryEntities(
  database: PorticoDatabase,
): Promise<Array<{ tenant: string; entity: Entity }>> {
  const { groups, people } = await database.asPlatform(
    'emit people and groups of every tenant',
    async transaction => ({
      groups: await transaction.raw(
        `select tenant, name, display_name, type, parent
           from portico_tenancy.groups order by tenant, name`,
      ),
      people: await transaction.raw(
        `select member.tenant, member.name, member.display_name, member.email,
                ${GROUPS_OF_MEMBER}
           from portico_tenancy.members member
          where member.kind = 'person' and member.disabled_at is null
          order by member.tenant, member.name`,
      ),
    }),
  );
  return [
    ...z.array(groupRowSchema).parse(groups.rows).map(toGroupEntity),
    ...z.array(personRowSchema).parse(people.rows).map(toUserEntity),
  ];
}

function toGroupEntity(row: z.infer<typeof groupRowSchema>) {
  return {
    tenant: row.tenant,
    entity: {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Group',
      metadata: { namespace: row.tenant, name: row.name },
      spec: {
        type: row.type,
        profile: { displayName: row.display_name },
        ...(row.parent && { parent: groupRef(row.tenant, row.parent) }),
        children: [],
      },
    },
  };
}

function toUserEntity(row: z.infer<typeof personRowSchema>) {
  return {
    tenant: row.tenant,
    entity: {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'User',
      metadata: { namespace: row.tenant, name: row.name },
      spec: {
        profile: {
          displayName: row.display_name,
          ...(row.email && { email: row.email }),
        },
        // The platform's groups are readable by every tenant, and a relation to their
        // members would name people whom only platform roles may see.
        memberOf:
          row.tenant === PLATFORM_TENANT
            ? []
            : row.groups.map(group => groupRef(row.tenant, group)),
      },
    },
  };
}

/** The members of one tenant, by name; disabled ones are left out. */
export async function readMembers(
  database: PorticoDatabase,
  tenant: string,
): Promise<DirectoryMember[]> {
  const { rows } = await database.inTenant(tenant, transaction =>
    transaction.raw(
      `select member.tenant, member.name, member.display_name, member.kind, member.email,
              ${EFFECTIVE_ROLES} as roles, ${GROUPS_OF_MEMBER},
              ${GROUPS_ABOVE_MEMBER}
         from portico_tenancy.members member
        where member.tenant = ? and member.disabled_at is null
        order by member.name`,
      [tenant],
    ),
  );
  return z
    .array(
      personRowSchema.extend({
        kind: z.enum(['person', 'machine']),
        roles: z.array(roleSchema),
        groups_above: z.array(z.string()),
      }),
    )
    .parse(rows)
    .map(row => ({
      userRef: memberRef(row),
      displayName: row.display_name,
      kind: row.kind,
      ...(row.email && { email: row.email }),
      roles: row.roles,
      groups: row.groups.map(group => groupRef(row.tenant, group)),
      ...(row.groups_above.length > 0 && {
        groupsAbove: row.groups_above.map(group => groupRef(row.tenant, group)),
      }),
    }));
}

/** Members with a persona identity, whatever their tenant. */
export async function readPersonas(
  database: PorticoDatabase,
): Promise<Persona[]> {
  const { rows } = await database.asPlatform(
    'offer the development personas',
    transaction =>
      transaction.raw(
        `select member.tenant, member.name, member.display_name, ${EFFECTIVE_ROLES} as roles,
                tenant.title, tenant.created_at, ${GROUPS_OF_MEMBER}
           from portico_tenancy.member_identities identity
           join portico_tenancy.members member
             on member.tenant = identity.tenant and member.name = identity.member
           join portico_tenancy.tenants tenant on tenant.tenant = member.tenant
          where identity.issuer = ? and member.disabled_at is null
            and member.kind = 'person'
          order by member.tenant, member.name`,
        [PERSONA_ISSUER],
      ),
  );
  return z
    .array(
      directoryRowSchema.extend({
        roles: z.array(z.string()),
        title: z.string(),
        created_at: z.date(),
        groups: z.array(z.string()),
      }),
    )
    .parse(rows)
    .map(row =>
      personaSchema.parse({
        userRef: memberRef(row),
        displayName: row.display_name,
        tenant: {
          id: row.tenant,
          title: row.title,
          createdAt: row.created_at.toISOString(),
        },
        roles: row.roles,
        groups: row.groups.map(group => groupRef(row.tenant, group)),
      }),
    );
}

/** A membership of a person, oldest first. */
export interface Membership {
  userRef: string;
  tenant: Tenant;
}

const membershipRowsSchema = z.array(
  z.object({
    tenant: z.string(),
    name: z.string(),
    title: z.string(),
    created_at: z.date(),
  }),
);

function toMemberships(rows: unknown): Membership[] {
  return membershipRowsSchema.parse(rows).map(row => ({
    userRef: memberRef(row),
    tenant: {
      id: row.tenant,
      title: row.title,
      createdAt: row.created_at.toISOString(),
    },
  }));
}

/** User refs of one person in all tenants, oldest membership first. */
export async function findByIdentity(
  database: PorticoDatabase,
  identity: Identity,
): Promise<string[]> {
  const { rows } = await database.asPlatform(
    'sign a person in by identity',
    transaction =>
      transaction.raw(
        `select member.tenant, member.name, tenant.title, tenant.created_at
           from portico_tenancy.member_identities identity
           join portico_tenancy.members member
             on member.tenant = identity.tenant and member.name = identity.member
           join portico_tenancy.tenants tenant on tenant.tenant = member.tenant
          where identity.issuer = ? and identity.subject = ?
            and member.disabled_at is null
          order by member.created_at, member.tenant, member.name`,
        [identity.issuer, identity.subject],
      ),
  );
  return toMemberships(rows).map(({ userRef }) => userRef);
}

/** The memberships of whoever stands behind a member, that one included. */
export async function readMemberships(
  database: PorticoDatabase,
  member: { tenant: string; name: string },
): Promise<Membership[]> {
  const { rows } = await database.asPlatform(
    'list the memberships of one person',
    transaction =>
      transaction.raw(
        `select other.tenant, other.name, tenant.title, tenant.created_at
           from portico_tenancy.members other
           join portico_tenancy.tenants tenant on tenant.tenant = other.tenant
          where other.disabled_at is null
            and ((other.tenant = :tenant and other.name = :name)
              or (other.tenant, other.name) in (
                select twin.tenant, twin.member
                  from portico_tenancy.member_identities own
                  join portico_tenancy.member_identities twin
                    on twin.issuer = own.issuer and twin.subject = own.subject
                 where own.tenant = :tenant and own.member = :name))
          order by other.created_at, other.tenant, other.name`,
        { tenant: member.tenant, name: member.name },
      ),
  );
  return toMemberships(rows);
}
