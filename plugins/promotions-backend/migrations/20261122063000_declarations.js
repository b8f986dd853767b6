// @ts-check

/**
 * How far the changes of each deployment file were looked at, and the commit that a release
 * was found in.
 */

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.raw(`
    alter table portico_promotions.releases add column found_in jsonb
      check (found_in is null or found = 'deploymentRepository');

    create table portico_promotions.declarations (
      tenant text not null references portico_tenancy.tenants,
      component text not null,
      environment text not null,
      -- repository, branch and file; elsewhere it begins anew
      place text not null,
      -- the commit of the branch up to which all is noted
      head text,
      -- the last noted commit that changed the file
      change text,
      -- who wrote that commit, where it was none of ours
      author text,
      -- DeclaredImage: what it declares by digest
      images jsonb not null,
      noted_at timestamptz not null,
      primary key (tenant, component, environment)
    );
    alter table portico_promotions.declarations enable row level security;
    alter table portico_promotions.declarations force row level security;
    create policy tenant on portico_promotions.declarations to portico_tenant
      using (tenant = current_setting('portico.tenant', true))
      with check (tenant = current_setting('portico.tenant', true));
    create policy platform on portico_promotions.declarations to portico_platform
      using (true) with check (true);
    revoke all on portico_promotions.declarations from public;
    grant select, insert, update on portico_promotions.declarations to portico_tenant;
    grant select on portico_promotions.declarations to portico_platform;
  `);
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.raw(`
    drop table portico_promotions.declarations;
    alter table portico_promotions.releases drop column found_in;
  `);
};
