// @ts-check

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.raw(`
    create table portico_notes.notes (
      tenant text not null,
      text text not null
    );
    alter table portico_notes.notes enable row level security;
    alter table portico_notes.notes force row level security;
    create policy tenant on portico_notes.notes to portico_tenant
      using (tenant = current_setting('portico.tenant', true))
      with check (tenant = current_setting('portico.tenant', true));
    create policy platform on portico_notes.notes to portico_platform
      using (true) with check (true);
    grant select, insert, update, delete
      on portico_notes.notes to portico_tenant, portico_platform;
  `);
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.raw('drop table portico_notes.notes');
};
