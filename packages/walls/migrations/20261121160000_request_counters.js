// @ts-check

/**
 * How many requests somebody made in the current window. Nothing is lost when a crash
 * empties the table, so it is not logged.
 */

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    create unlogged table portico_walls.request_counters (
      -- whose requests, and in which window
      key text primary key,
      requests integer not null,
      expires_at timestamptz not null
    );
    create index request_counters_by_expiry on portico_walls.request_counters (expires_at);
    alter table portico_walls.request_counters enable row level security;
    alter table portico_walls.request_counters force row level security;
    create policy platform on portico_walls.request_counters to portico_platform
      using (true) with check (true);
    revoke all on portico_walls.request_counters from public;
    grant select, insert, update, delete on portico_walls.request_counters
      to portico_platform;
  `);
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.raw('drop table portico_walls.request_counters');
};
