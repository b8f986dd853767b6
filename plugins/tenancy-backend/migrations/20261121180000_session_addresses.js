// @ts-check

/**
 * Where a session came from, so that people recognise their own.
 */

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(
    'alter table portico_tenancy.sessions add column source_address text',
  );
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.raw(
    'alter table portico_tenancy.sessions drop column source_address',
  );
};
