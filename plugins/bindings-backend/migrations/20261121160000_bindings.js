// @ts-check

/**
 * What tenants may use of external systems, and the sealed credentials that they use it
 * with. A tenant reads its own grants and never writes one; what a grant is for belongs
 * to one tenant, unless each of its grants says that it is shared.
 */

/** Rights of the two roles per table, in order of creation. */
const grants = {
  grants: { tenant: 'select', platform: 'select, insert, delete' },
  credentials: {
    tenant: 'select, insert, update, delete',
    platform: 'select, update, delete',
  },
};

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    create table portico_bindings.grants (
      id uuid primary key default gen_random_uuid(),
      tenant text not null references portico_tenancy.tenants,
      kind text not null,
      system text not null,
      resource text not null check (resource <> ''),
      shared boolean not null,
      granted_by text not null,
      granted_at timestamptz not null,
      unique (kind, system, resource, tenant)
    );
    create index grants_by_tenant on portico_bindings.grants (tenant, kind);
    -- the last guard; that patterns do not overlap is checked where they are granted
    create unique index grants_of_one_tenant
      on portico_bindings.grants (kind, system, resource) where not shared;

    create table portico_bindings.credentials (
      tenant text not null references portico_tenancy.tenants,
      system text not null,
      field text not null check (field in ('token', 'username')),
      key_id text not null,
      sealed bytea not null,
      set_by text not null,
      set_at timestamptz not null,
      last_used_at timestamptz,
      primary key (tenant, system, field)
    );
    create index credentials_by_key on portico_bindings.credentials (key_id);
  `);
  for (const [table, rights] of Object.entries(grants)) {
    await knex.raw(`
      alter table portico_bindings.${table} enable row level security;
      alter table portico_bindings.${table} force row level security;
      create policy tenant on portico_bindings.${table} to portico_tenant
        using (tenant = current_setting('portico.tenant', true))
        with check (tenant = current_setting('portico.tenant', true));
      create policy platform on portico_bindings.${table} to portico_platform
        using (true) with check (true);
      revoke all on portico_bindings.${table} from public;
      grant ${rights.tenant} on portico_bindings.${table} to portico_tenant;
      grant ${rights.platform} on portico_bindings.${table} to portico_platform;
    `);
  }
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  for (const table of Object.keys(grants).reverse()) {
    await knex.raw(`drop table portico_bindings.${table}`);
  }
};
