// @ts-check

/**
 * The directory of a tenant: where its people and groups come from besides by hand. A row
 * of `directory_people` or `directory_groups` says that the directory owns a member or a
 * group; nothing else does.
 */

const write = 'select, insert, update, delete';

/** Rights of the two roles per table, in order of creation. */
const grants = {
  directories: { tenant: write, platform: 'select' },
  directory_tokens: { tenant: write, platform: 'select' },
  directory_people: { tenant: write, platform: 'select' },
  directory_groups: { tenant: write, platform: 'select' },
};

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    -- one directory per tenant, so that two never claim the same person
    create table portico_tenancy.directories (
      tenant text primary key references portico_tenancy.tenants,
      kind text not null check (kind in ('scim', 'keycloak')),
      issuer text not null,
      subject text not null check (subject in ('externalId', 'userName')),
      created_at timestamptz not null,
      -- the last look at a directory that is read by the portal
      looked_at timestamptz,
      outcome text check (outcome in ('read', 'held', 'unreadable')),
      reason text
    );

    create table portico_tenancy.directory_tokens (
      tenant text not null references portico_tenancy.directories on delete cascade,
      id text not null,
      secret_hash bytea not null,
      created_by text not null,
      created_at timestamptz not null,
      expires_at timestamptz not null,
      last_used_at timestamptz,
      revoked_at timestamptz,
      primary key (tenant, id)
    );

    create table portico_tenancy.directory_people (
      tenant text not null references portico_tenancy.directories on delete cascade,
      id uuid not null,
      member text not null,
      user_name text not null,
      external_id text,
      given_name text,
      family_name text,
      active boolean not null,
      -- disabled by hand: what the directory says does not let them in
      locked boolean not null default false,
      version integer not null default 1,
      created_at timestamptz not null,
      changed_at timestamptz not null,
      -- gone from the directory; kept, so that who comes back is the same member
      removed_at timestamptz,
      primary key (tenant, id),
      unique (tenant, member),
      foreign key (tenant, member) references portico_tenancy.members (tenant, name)
        on delete cascade
    );
    create unique index directory_people_by_user_name
      on portico_tenancy.directory_people (tenant, lower(user_name))
      where removed_at is null;
    create unique index directory_people_by_external_id
      on portico_tenancy.directory_people (tenant, external_id)
      where removed_at is null;

    create table portico_tenancy.directory_groups (
      tenant text not null references portico_tenancy.directories on delete cascade,
      id uuid not null,
      group_name text not null,
      external_id text,
      version integer not null default 1,
      created_at timestamptz not null,
      changed_at timestamptz not null,
      primary key (tenant, id),
      unique (tenant, group_name),
      unique (tenant, external_id),
      foreign key (tenant, group_name) references portico_tenancy.groups (tenant, name)
        on delete cascade
    );
  `);
  for (const [table, rights] of Object.entries(grants)) {
    await knex.raw(`
      alter table portico_tenancy.${table} enable row level security;
      alter table portico_tenancy.${table} force row level security;
      create policy tenant on portico_tenancy.${table} to portico_tenant
        using (tenant = current_setting('portico.tenant', true))
        with check (tenant = current_setting('portico.tenant', true));
      create policy platform on portico_tenancy.${table} to portico_platform
        using (true) with check (true);
      revoke all on portico_tenancy.${table} from public;
      grant ${rights.tenant} on portico_tenancy.${table} to portico_tenant;
      grant ${rights.platform} on portico_tenancy.${table} to portico_platform;
    `);
  }
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  for (const table of Object.keys(grants).reverse()) {
    await knex.raw(`drop table portico_tenancy.${table}`);
  }
};
