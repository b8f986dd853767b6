// @ts-check

/**
 * When the person who approved a device's request had shown who they are, in seconds: the
 * device's session knows it from there. Empty where nobody said.
 */

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.raw(
    'alter table portico_tenancy.device_requests add column authenticated_at bigint',
  );
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.raw(
    'alter table portico_tenancy.device_requests drop column authenticated_at',
  );
};
