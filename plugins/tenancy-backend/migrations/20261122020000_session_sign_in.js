// @ts-check

/**
 * When the person of a session showed who they are, in seconds; empty where nobody said.
 * A renewed session keeps it, so it is older than the session's own start.
 */

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(
    'alter table portico_tenancy.sessions add column authenticated_at bigint',
  );
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.raw(
    'alter table portico_tenancy.sessions drop column authenticated_at',
  );
};
