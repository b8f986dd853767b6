import { type PorticoDatabase } from '@portico/database';
import { z } from 'zod';
import { type KnownDirectory } from './planSync';

const peopleSchema = z.array(
  z.object({
    id: z.string(),
    external_id: z.string(),
    user_name: z.string(),
    display_name: z.string(),
    given_name: z.string().nullable(),
    family_name: z.string().nullable(),
    email: z.string().nullable(),
    active: z.boolean(),
  }),
);

const groupsSchema = z.array(
  z.object({
    id: z.string(),
    external_id: z.string(),
    display_name: z.string(),
    people: z.array(z.string()),
    groups: z.array(z.string()),
  }),
);

/** People and groups that the directory of a tenant owns. */
export async function readKnownDirectory(
  database: PorticoDatabase,
  tenant: string,
): Promise<KnownDirectory> {
  const { people, groups } = await database.inTenant(
    tenant,
    async transaction => ({
      people: await transaction.raw(
        `select record.id, record.external_id, record.user_name, member.display_name,
                record.given_name, record.family_name, member.email, record.active
           from portico_tenancy.directory_people record
           join portico_tenancy.members member
             on member.tenant = record.tenant and member.name = record.member
          where record.tenant = ? and record.removed_at is null
            and record.external_id is not null`,
        [tenant],
      ),
      groups: await transaction.raw(
        `select record.id, record.external_id, own.display_name,
                array(select person.external_id
                        from portico_tenancy.group_memberships membership
                        join portico_tenancy.directory_people person
                          on person.tenant = membership.tenant
                         and person.member = membership.member
                       where membership.tenant = record.tenant
                         and membership.group_name = record.group_name
                         and person.removed_at is null
                         and person.external_id is not null) as people,
                array(select child.external_id
                        from portico_tenancy.groups below
                        join portico_tenancy.directory_groups child
                          on child.tenant = below.tenant and child.group_name = below.name
                       where below.tenant = record.tenant
                         and below.parent = record.group_name
                         and child.external_id is not null) as groups
           from portico_tenancy.directory_groups record
           join portico_tenancy.groups own
             on own.tenant = record.tenant and own.name = record.group_name
          where record.tenant = ? and record.external_id is not null`,
        [tenant],
      ),
    }),
  );
  return {
    people: peopleSchema.parse(people.rows).map(row => ({
      id: row.id,
      externalId: row.external_id,
      userName: row.user_name,
      displayName: row.display_name,
      active: row.active,
      ...(row.given_name !== null && { givenName: row.given_name }),
      ...(row.family_name !== null && { familyName: row.family_name }),
      ...(row.email !== null && { email: row.email }),
    })),
    groups: groupsSchema.parse(groups.rows).map(row => ({
      id: row.id,
      externalId: row.external_id,
      displayName: row.display_name,
      people: row.people,
      groups: row.groups,
    })),
  };
}
