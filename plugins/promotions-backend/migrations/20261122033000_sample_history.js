// @ts-check

/**
 * Sample history is always over: nothing of it waits for a worker, a person or an answer, and
 * nothing of it can act on an environment.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    alter table portico_promotions.drift
      add column sample boolean not null default false,
      add constraint drift_sample_is_over check (not sample or resolved_at is not null);
    alter table portico_promotions.promotions
      add constraint promotions_sample_is_over
        check (not sample or (ended_at is not null and due_at is null));
  `);
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  // Without the mark nobody could tell it from what is real. Row security hides every row
  // from the owner, too, as long as it is forced.
  await knex.raw(`
    alter table portico_promotions.drift no force row level security;
    delete from portico_promotions.drift where sample;
    alter table portico_promotions.drift force row level security;
    alter table portico_promotions.promotions drop constraint promotions_sample_is_over;
    alter table portico_promotions.drift drop column sample;
  `);
};
