// @ts-check

/**
 * When the first commit of a release was written that is not in the release before it, where
 * that is known: for the lead time of what is deployed.
 */

/** @param {import('knex').Knex} knex */
exports.up = async function up(knex) {
  await knex.raw(
    'alter table portico_promotions.releases add column first_commit_at timestamptz',
  );
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.raw(
    'alter table portico_promotions.releases drop column first_commit_at',
  );
};
