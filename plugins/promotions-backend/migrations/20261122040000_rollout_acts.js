// @ts-check

/**
 * What people asked of rollouts that are under way, and what became of it.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    create table portico_promotions.rollout_acts (
      tenant text not null references portico_tenancy.tenants,
      id uuid not null default gen_random_uuid(),
      promotion uuid not null,
      -- in the order of asking, also within one instant
      sequence bigint generated always as identity,
      action text not null check (action in ('pause', 'promote', 'promoteFully', 'abort')),
      -- namespace and name
      rollout text not null,
      -- what was shown: the hash of what is rolled out, and the steps of a canary that were done
      pods text not null,
      step integer,
      reason text not null,
      by_ref text not null,
      at timestamptz not null,
      state text not null default 'asked'
        check (state in ('asked', 'done', 'refused', 'unanswered')),
      outcome text,
      ended_at timestamptz,
      primary key (tenant, id),
      foreign key (tenant, promotion) references portico_promotions.promotions,
      check ((state = 'asked') = (ended_at is null))
    );
    create index rollout_acts_of_promotion
      on portico_promotions.rollout_acts (tenant, promotion, sequence);
    -- whoever asks twice asks once
    create unique index rollout_acts_asked
      on portico_promotions.rollout_acts (tenant, promotion, rollout, action)
      where state = 'asked';

    alter table portico_promotions.rollout_acts enable row level security;
    alter table portico_promotions.rollout_acts force row level security;
    create policy tenant on portico_promotions.rollout_acts to portico_tenant
      using (tenant = current_setting('portico.tenant', true))
      with check (tenant = current_setting('portico.tenant', true));
    create policy platform on portico_promotions.rollout_acts to portico_platform
      using (true) with check (true);
    revoke all on portico_promotions.rollout_acts from public;
    grant select, insert, update (state, outcome, ended_at)
      on portico_promotions.rollout_acts to portico_tenant;
    grant select on portico_promotions.rollout_acts to portico_platform;
  `);
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.raw('drop table portico_promotions.rollout_acts');
};
