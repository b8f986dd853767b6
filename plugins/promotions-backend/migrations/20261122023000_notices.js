// @ts-check

/**
 * What people are to be told, written with its cause and sent by whichever replica takes it;
 * and whose turn it is to look for drift.
 *
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    create table portico_promotions.notices (
      tenant text not null references portico_tenancy.tenants,
      id uuid not null default gen_random_uuid(),
      -- the same thing is told once
      key text not null,
      kind text not null check (kind in ('approval', 'end', 'breakGlass', 'drift')),
      component text not null,
      environment text not null,
      promotion uuid,
      made_at timestamptz not null,
      due_at timestamptz not null,
      attempts integer not null default 0,
      -- a sender has it until then; another takes it after
      leased_until timestamptz,
      settled_at timestamptz,
      outcome text check (outcome in ('told', 'needless', 'switchedOff', 'gaveUp')),
      primary key (tenant, id),
      unique (tenant, key),
      foreign key (tenant, promotion) references portico_promotions.promotions,
      check ((settled_at is null) = (outcome is null)),
      check ((kind = 'drift') = (promotion is null))
    );
    create index notices_due on portico_promotions.notices (due_at) where settled_at is null;
    create index notices_settled on portico_promotions.notices (settled_at)
      where settled_at is not null;

    alter table portico_promotions.notices enable row level security;
    alter table portico_promotions.notices force row level security;
    create policy tenant on portico_promotions.notices to portico_tenant
      using (tenant = current_setting('portico.tenant', true))
      with check (tenant = current_setting('portico.tenant', true));
    create policy platform on portico_promotions.notices to portico_platform
      using (true) with check (true);
    revoke all on portico_promotions.notices from public;
    grant select, insert, update (due_at, leased_until, settled_at, outcome)
      on portico_promotions.notices to portico_tenant;
    -- a sender takes what is due without knowing whose it is, and old ones are forgotten
    grant select, update (attempts, leased_until), delete
      on portico_promotions.notices to portico_platform;

    -- one row: the scan is one, however many replicas there are
    create table portico_promotions.drift_scan (
      id boolean primary key default true check (id),
      due_at timestamptz not null,
      -- a replica has it until then; another goes on after
      leased_until timestamptz,
      leased_by uuid,
      -- the component that was looked at last
      after_tenant text not null default '',
      after_component text not null default ''
    );
    insert into portico_promotions.drift_scan (due_at) values (now());
    alter table portico_promotions.drift_scan enable row level security;
    alter table portico_promotions.drift_scan force row level security;
    create policy platform on portico_promotions.drift_scan to portico_platform
      using (true) with check (true);
    revoke all on portico_promotions.drift_scan from public;
    grant select, update on portico_promotions.drift_scan to portico_platform;
  `);
};

/** @param {import('knex').Knex} knex */
exports.down = async function down(knex) {
  await knex.raw(`
    drop table portico_promotions.drift_scan;
    drop table portico_promotions.notices;
  `);
};
