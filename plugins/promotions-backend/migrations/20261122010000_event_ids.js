// @ts-check

/**
 * An id for each event that readers may see: the numbers of the table are counted over all
 * tenants, and their gaps would tell how much the others do.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    alter table portico_promotions.events
      add column id uuid not null default gen_random_uuid();
    create unique index events_by_id on portico_promotions.events (tenant, id);
  `);
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.raw(`
    alter table portico_promotions.events drop column id;
  `);
};
