import { type JsonObject } from '@backstage/types';
import { type PorticoDatabase } from '@portico/database';
import { type AuditContext } from '@portico/plugin-audit-node';
import { type Knex } from 'knex';
import { z } from 'zod';
import { type OwningDirectory } from '../directory/OwningDirectory';
import { removeGroup, writeGroup } from '../directory/writeGroup';
import { removePerson, writePerson } from '../directory/writePerson';
import { lockDirectory } from '../service/lockDirectory';
import { ScimError } from './ScimError';
import { type ScimComparison } from './scimFilter';
import {
  readScimGroup,
  type ScimGroup,
  type ScimGroupMember,
  type ScimGroupRow,
  scimGroupRowSchema,
  toScimGroup,
} from './scimGroup';
import {
  type PersonRow,
  personRowSchema,
  readScimUser,
  toScimUser,
  versionTag,
} from './scimUser';

/** Who writes, and where: what every call of SCIM has. */
export interface ScimCaller {
  directory: OwningDirectory;
  by: AuditContext;
  /** The address of this tenant's SCIM, for links. */
  address: string;
}

/** A page of a list. */
export interface ScimPageOptions {
  filter: ScimComparison[];
  /** From 1. */
  startIndex: number;
  count: number;
  /** Leaves the members of groups out. */
  withoutMembers?: boolean;
}

export interface ScimPage {
  total: number;
  resources: JsonObject[];
}

/** Changes what is there, or makes what is new. */
type Change = (before: JsonObject) => unknown;

const PEOPLE = `
  select record.id, record.member, record.user_name, record.external_id, record.given_name,
         record.family_name, member.display_name, member.email, record.active,
         record.version, record.created_at, record.changed_at
    from portico_tenancy.directory_people record
    join portico_tenancy.members member
      on member.tenant = record.tenant and member.name = record.member
   where record.tenant = ? and record.removed_at is null`;

const GROUPS = `
  select record.id, record.external_id, groups.display_name, record.version,
         record.created_at, record.changed_at
    from portico_tenancy.directory_groups record
    join portico_tenancy.groups
      on groups.tenant = record.tenant and groups.name = record.group_name
   where record.tenant = ?`;

const USER_FILTERS: Readonly<Record<string, string>> = {
  id: 'record.id::text = ?',
  username: 'lower(record.user_name) = lower(?)',
  externalid: 'record.external_id = ?',
  displayname: 'lower(member.display_name) = lower(?)',
  active: 'record.active::text = ?',
  emails: 'lower(member.email) = lower(?)',
  'emails.value': 'lower(member.email) = lower(?)',
};

const GROUP_HAS_MEMBER = `exists (
  select 1 from portico_tenancy.group_memberships membership
    join portico_tenancy.directory_people person
      on person.tenant = membership.tenant and person.member = membership.member
   where membership.tenant = record.tenant and membership.group_name = record.group_name
     and person.removed_at is null and person.id::text = ?)`;

const GROUP_FILTERS: Readonly<Record<string, string>> = {
  id: 'record.id::text = ?',
  externalid: 'record.external_id = ?',
  displayname: 'lower(groups.display_name) = lower(?)',
  members: GROUP_HAS_MEMBER,
  'members.value': GROUP_HAS_MEMBER,
};

/** People and groups of a tenant as SCIM reads and writes them. */
export class ScimStore {
  readonly #database: PorticoDatabase;
  readonly #now: () => Date;

  constructor(options: { database: PorticoDatabase; now: () => Date }) {
    this.#database = options.database;
    this.#now = options.now;
  }

  async users(caller: ScimCaller, page: ScimPageOptions): Promise<ScimPage> {
    const { tenant } = caller.directory;
    return this.#database.inTenant(tenant, async transaction => {
      const { total, rows } = await readPage(transaction, {
        ...{ tenant, page, select: PEOPLE, filters: USER_FILTERS },
      });
      const people = z.array(personRowSchema).parse(rows);
      return {
        total,
        resources: people.map(row => toScimUser(row, caller.address)),
      };
    });
  }

  async user(caller: ScimCaller, id: string): Promise<JsonObject> {
    const { tenant } = caller.directory;
    return this.#database.inTenant(tenant, async transaction =>
      toScimUser(await findPerson(transaction, { tenant, id }), caller.address),
    );
  }

  async createUser(caller: ScimCaller, body: unknown): Promise<JsonObject> {
    const { tenant } = caller.directory;
    const person = readScimUser(body);
    return this.#write(tenant, async transaction => {
      const id = await writePerson(transaction, {
        ...this.#change(caller, 'Provisioned by the directory (SCIM)'),
        person,
      });
      const row = await findPerson(transaction, { tenant, id });
      return toScimUser(row, caller.address);
    });
  }

  /** @param ifMatch - the version that the change is of, where the caller says so */
  async changeUser(
    caller: ScimCaller,
    options: { id: string; ifMatch?: string; change: Change },
  ): Promise<JsonObject> {
    const { tenant } = caller.directory;
    const { id, change } = options;
    return this.#write(tenant, async transaction => {
      const before = await findPerson(transaction, { tenant, id });
      checkVersion(before, options.ifMatch);
      const person = readScimUser(change(toScimUser(before, caller.address)));
      await writePerson(transaction, {
        ...this.#change(caller, 'Changed by the directory (SCIM)'),
        id,
        person,
      });
      const after = await findPerson(transaction, { tenant, id });
      return toScimUser(after, caller.address);
    });
  }

  async removeUser(
    caller: ScimCaller,
    options: { id: string; ifMatch?: string },
  ): Promise<void> {
    const { tenant } = caller.directory;
    const { id } = options;
    await this.#write(tenant, async transaction => {
      const before = await findPerson(transaction, { tenant, id });
      checkVersion(before, options.ifMatch);
      await removePerson(transaction, {
        ...this.#change(caller, 'Removed by the directory (SCIM)'),
        id,
      });
    });
  }

  async groups(caller: ScimCaller, page: ScimPageOptions): Promise<ScimPage> {
    const { tenant } = caller.directory;
    return this.#database.inTenant(tenant, async transaction => {
      const { total, rows } = await readPage(transaction, {
        ...{ tenant, page, select: GROUPS, filters: GROUP_FILTERS },
      });
      const groups: ScimGroupRow[] = z.array(scimGroupRowSchema).parse(rows);
      if (!page.withoutMembers) {
        await addMembers(transaction, tenant, groups);
      }
      return {
        total,
        resources: groups.map(row => toScimGroup(row, caller.address)),
      };
    });
  }

  async group(
    caller: ScimCaller,
    id: string,
    options: { withoutMembers?: boolean } = {},
  ): Promise<JsonObject> {
    const { tenant } = caller.directory;
    return this.#database.inTenant(tenant, async transaction =>
      toScimGroup(
        await findScimGroup(transaction, { tenant, id, ...options }),
        caller.address,
      ),
    );
  }

  async createGroup(caller: ScimCaller, body: unknown): Promise<JsonObject> {
    const { tenant } = caller.directory;
    const group = readScimGroup(body);
    return this.#write(tenant, async transaction => {
      await refuseTitle(transaction, { tenant, group });
      const id = await writeGroup(transaction, {
        ...this.#change(caller, 'Provisioned by the directory (SCIM)'),
        group: await tellApart(transaction, tenant, group),
      });
      return toScimGroup(
        await findScimGroup(transaction, { tenant, id }),
        caller.address,
      );
    });
  }

  /** @param ifMatch - the version that the change is of, where the caller says so */
  async changeGroup(
    caller: ScimCaller,
    options: { id: string; ifMatch?: string; change: Change },
  ): Promise<JsonObject> {
    const { tenant } = caller.directory;
    const { id, change } = options;
    return this.#write(tenant, async transaction => {
      const before = await findScimGroup(transaction, { tenant, id });
      checkVersion(before, options.ifMatch);
      const group = readScimGroup(change(toScimGroup(before, caller.address)));
      await refuseTitle(transaction, { tenant, id, group });
      await writeGroup(transaction, {
        ...this.#change(caller, 'Changed by the directory (SCIM)'),
        id,
        group: await tellApart(transaction, tenant, group),
      });
      return toScimGroup(
        await findScimGroup(transaction, { tenant, id }),
        caller.address,
      );
    });
  }

  async removeGroup(
    caller: ScimCaller,
    options: { id: string; ifMatch?: string },
  ): Promise<void> {
    const { tenant } = caller.directory;
    const { id } = options;
    await this.#write(tenant, async transaction => {
      const before = await findScimGroup(transaction, {
        ...{ tenant, id, withoutMembers: true },
      });
      checkVersion(before, options.ifMatch);
      await removeGroup(transaction, {
        ...this.#change(caller, 'Removed by the directory (SCIM)'),
        id,
      });
    });
  }

  #change(caller: ScimCaller, reason: string) {
    const { directory, by } = caller;
    return { directory, by, reason, now: this.#now() };
  }

  #write<T>(
    tenant: string,
    fn: (transaction: Knex.Transaction) => Promise<T>,
  ): Promise<T> {
    return this.#database.inTenant(tenant, async transaction => {
      await lockDirectory(transaction, tenant);
      return fn(transaction);
    });
  }
}

async function readPage(
  transaction: Knex.Transaction,
  options: {
    tenant: string;
    page: ScimPageOptions;
    select: string;
    filters: Readonly<Record<string, string>>;
  },
): Promise<{ total: number; rows: unknown }> {
  const { tenant, page, select, filters } = options;
  const conditions = page.filter.map(({ attribute }) => {
    const condition = Object.hasOwn(filters, attribute)
      ? filters[attribute]
      : undefined;
    if (!condition) {
      throw new ScimError(
        400,
        `Nothing can be filtered by "${attribute}" here; there are ${Object.keys(
          filters,
        ).join(', ')}`,
        'invalidFilter',
      );
    }
    return `and ${condition}`;
  });
  const query = [select, ...conditions].join('\n');
  const values = [tenant, ...page.filter.map(({ value }) => String(value))];
  const counted = await transaction.raw(
    `select count(*)::integer as count from (${query}) as found`,
    values,
  );
  const { rows } = await transaction.raw(
    `${query} order by record.created_at, record.id limit ? offset ?`,
    [...values, page.count, page.startIndex - 1],
  );
  return { total: z.number().parse(counted.rows[0].count), rows };
}

async function findPerson(
  transaction: Knex.Transaction,
  address: { tenant: string; id: string },
): Promise<PersonRow> {
  const { rows } = await transaction.raw(`${PEOPLE} and record.id::text = ?`, [
    address.tenant,
    address.id,
  ]);
  const [row] = z.array(personRowSchema).parse(rows);
  if (!row) {
    throw new ScimError(404, `There is no user ${address.id}`);
  }
  return row;
}

async function findScimGroup(
  transaction: Knex.Transaction,
  address: { tenant: string; id: string; withoutMembers?: boolean },
): Promise<ScimGroupRow> {
  const { rows } = await transaction.raw(`${GROUPS} and record.id::text = ?`, [
    address.tenant,
    address.id,
  ]);
  const [row]: ScimGroupRow[] = z.array(scimGroupRowSchema).parse(rows);
  if (!row) {
    throw new ScimError(404, `There is no group ${address.id}`);
  }
  if (!address.withoutMembers) {
    await addMembers(transaction, address.tenant, [row]);
  }
  return row;
}

async function addMembers(
  transaction: Knex.Transaction,
  tenant: string,
  groups: ScimGroupRow[],
): Promise<void> {
  const { rows } = await transaction.raw(
    `select record.id as "group", member.id, member.kind, member.title
       from portico_tenancy.directory_groups record
       join (select person.tenant, membership.group_name, person.id,
                    'User' as kind, person.user_name as title
               from portico_tenancy.group_memberships membership
               join portico_tenancy.directory_people person
                 on person.tenant = membership.tenant
                and person.member = membership.member and person.removed_at is null
             union all
             select child.tenant, below.parent, child.id, 'Group', below.display_name
               from portico_tenancy.groups below
               join portico_tenancy.directory_groups child
                 on child.tenant = below.tenant and child.group_name = below.name)
            as member on member.tenant = record.tenant
                     and member.group_name = record.group_name
      where record.tenant = ? and record.id = any(cast(? as uuid[]))
      order by member.title, member.id`,
    [tenant, groups.map(({ id }) => id)],
  );
  const members = z
    .array(
      z.object({
        group: z.string(),
        id: z.string(),
        kind: z.enum(['User', 'Group']),
        title: z.string(),
      }),
    )
    .parse(rows);
  const byGroup = new Map<string, ScimGroupMember[]>();
  for (const { group, ...member } of members) {
    byGroup.set(group, [...(byGroup.get(group) ?? []), member]);
  }
  for (const group of groups) {
    group.members = byGroup.get(group.id) ?? [];
  }
}

/** Which of the members are people and which groups: the tables know it by the id. */
async function tellApart(
  transaction: Knex.Transaction,
  tenant: string,
  group: ScimGroup,
) {
  const { members, ...others } = group;
  const { rows } = await transaction.raw(
    `select id from portico_tenancy.directory_groups
      where tenant = ? and id = any(cast(? as uuid[]))`,
    [tenant, members],
  );
  const groups = new Set(
    z
      .array(z.object({ id: z.string() }))
      .parse(rows)
      .map(({ id }) => id),
  );
  return {
    ...others,
    people: members.filter(id => !groups.has(id)),
    groups: [...groups],
  };
}

/** Providers find a group by its name, so SCIM keeps no two of one name. */
async function refuseTitle(
  transaction: Knex.Transaction,
  options: { tenant: string; id?: string; group: ScimGroup },
): Promise<void> {
  const { rows } = await transaction.raw(
    `${GROUPS} and lower(groups.display_name) = lower(?) and record.id::text <> ?`,
    [options.tenant, options.group.displayName, options.id ?? ''],
  );
  if (rows.length > 0) {
    throw new ScimError(
      409,
      `There is a group "${options.group.displayName}" already`,
      'uniqueness',
    );
  }
}

function checkVersion(row: { version: number }, ifMatch?: string): void {
  if (
    ifMatch !== undefined &&
    ifMatch !== '*' &&
    ifMatch.replace(/^W\//, '') !== versionTag(row.version).replace(/^W\//, '')
  ) {
    throw new ScimError(
      412,
      `The resource has the version ${versionTag(
        row.version,
      )} by now: read it again before you change it`,
    );
  }
}
