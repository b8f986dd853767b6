// @ts-check

/**
 * Tables of the audit: an outbox that every act writes to in its own transaction, the
 * chains, the personal data beside them, and what proves them.
 *
 * Nobody but the functions below can change or remove a row: no role that serves
 * requests holds `update` or `delete` on any of these tables.
 */

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    create table portico_audit.outbox (
      -- order of appending; the relay reads in it
      position bigint generated always as identity primary key,
      id uuid not null unique,
      chain text not null check (chain ~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])$'),
      occurred_at timestamptz not null,
      draft json not null
    );
    alter table portico_audit.outbox enable row level security;
    alter table portico_audit.outbox force row level security;
    create policy outbox_tenant on portico_audit.outbox for insert to portico_tenant
      with check (chain = current_setting('portico.tenant', true));
    create policy outbox_platform on portico_audit.outbox to portico_platform
      using (true) with check (true);
    grant insert on portico_audit.outbox to portico_tenant;
    grant select, insert on portico_audit.outbox to portico_platform;
  `);
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.raw(`
    drop table portico_audit.outbox;
  `);
};
