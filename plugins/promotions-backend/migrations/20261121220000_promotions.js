// @ts-check

/**
 * Releases, promotions and what became of them. What is a fact (transitions, gate results,
 * votes, deployments) is only ever added; state is in few places: a promotion's phase, an
 * effect, a hold, a stop, a drift.
 */

/** Rights of the role of a tenant per table, in order of creation; the platform's are in `platform`. */
const tenantRights = {
  releases:
    'select, insert, update (rejected_by, rejected_at, rejected_reason)',
  promotions: 'select, insert, update',
  transitions: 'select, insert',
  subjects: 'select, insert',
  gate_results: 'select, insert',
  votes: 'select, insert',
  overrides: 'select, insert, update',
  effects: 'select, insert, update',
  deployments: 'select, insert',
  holds: 'select, insert, update',
  stops: 'select, insert, update',
  drift: 'select, insert, update',
  events: 'select, insert',
};

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    create table portico_promotions.releases (
      tenant text not null references portico_tenancy.tenants,
      id text not null check (id ~ '^sha256:[0-9a-f]{64}$'),
      component text not null,
      content jsonb not null,
      origin text,
      announced_by text not null,
      announced_at timestamptz not null,
      found text not null check (found in ('announced', 'localRuntime', 'deploymentRepository')),
      rejected_by text,
      rejected_at timestamptz,
      rejected_reason text,
      sample boolean not null default false,
      primary key (tenant, id),
      check ((rejected_by is null) = (rejected_at is null) and (rejected_by is null) = (rejected_reason is null))
    );
    create index releases_of_component
      on portico_promotions.releases (tenant, component, announced_at desc, id);

    create table portico_promotions.promotions (
      tenant text not null references portico_tenancy.tenants,
      id uuid not null,
      component text not null,
      environment text not null,
      kind text not null check (kind in ('promote', 'rollback', 'redeploy')),
      release text not null,
      -- the release that ran there when it was asked for
      before text,
      phase text not null,
      revision integer not null default 0,
      reason text not null,
      requested_by text not null,
      automatic boolean not null,
      requested_at timestamptz not null,
      comment text,
      -- FrozenStage
      stage jsonb not null,
      -- digest of the newest subject
      subject text,
      expires_at timestamptz not null,
      ended_at timestamptz,
      superseded_by uuid,
      overridden boolean not null default false,
      sample boolean not null default false,
      -- idempotency key of whoever asked
      request_key text,
      -- when somebody has to look at it again; null at the end
      due_at timestamptz,
      phase_since timestamptz not null,
      -- grows with each vote, override and stop: what gates said before does not count
      news integer not null default 0,
      -- failed tries in this phase, one after the other
      attempts integer not null default 0,
      -- commit of the deployment repository that declares the release
      declared_revision text,
      -- a worker has it until then; another takes it after
      leased_until timestamptz,
      leased_by text,
      primary key (tenant, id),
      unique (tenant, request_key),
      foreign key (tenant, release) references portico_promotions.releases
    );
    -- at most one past ready per component and environment, whatever the code does
    create unique index promotions_acting
      on portico_promotions.promotions (tenant, component, environment)
      where phase in ('running', 'verifying');
    create index promotions_of_component
      on portico_promotions.promotions (tenant, component, environment, id desc);
    create index promotions_by_age on portico_promotions.promotions (tenant, id desc);
    create index promotions_open on portico_promotions.promotions (tenant, id desc)
      where ended_at is null;
    create index promotions_due on portico_promotions.promotions (due_at)
      where due_at is not null;

    create table portico_promotions.transitions (
      tenant text not null,
      promotion uuid not null,
      sequence integer not null check (sequence > 0),
      from_phase text,
      to_phase text not null,
      event text not null,
      reason text not null,
      by_ref text not null,
      at timestamptz not null,
      primary key (tenant, promotion, sequence),
      foreign key (tenant, promotion) references portico_promotions.promotions
    );

    -- what was shown: Subject, and for the page the files as they will be
    create table portico_promotions.subjects (
      tenant text not null,
      promotion uuid not null,
      digest text not null,
      content jsonb not null,
      made_at timestamptz not null,
      primary key (tenant, promotion, digest),
      foreign key (tenant, promotion) references portico_promotions.promotions
    );

    create table portico_promotions.gate_results (
      tenant text not null,
      promotion uuid not null,
      sequence bigint generated always as identity,
      gate text not null,
      kind text not null,
      required_by text not null,
      outcome text not null
        check (outcome in ('passed', 'waiting', 'failed', 'unanswered', 'overridden')),
      reason text not null,
      evidence jsonb not null,
      evidence_digest text not null,
      subject text not null,
      evaluated_at timestamptz not null,
      since timestamptz not null,
      valid_until timestamptz,
      ask_again_at timestamptz,
      primary key (tenant, promotion, sequence),
      foreign key (tenant, promotion) references portico_promotions.promotions
    );
    create index gate_results_newest
      on portico_promotions.gate_results (tenant, promotion, gate, sequence desc);

    create table portico_promotions.votes (
      tenant text not null,
      promotion uuid not null,
      sequence bigint generated always as identity,
      voter text not null,
      decision text not null check (decision in ('approve', 'reject', 'withdraw')),
      subject text not null,
      representing text,
      comment text,
      -- groups and roles when it was cast, for the record
      belonged_to jsonb not null,
      auth_time timestamptz,
      at timestamptz not null,
      primary key (tenant, promotion, sequence),
      foreign key (tenant, promotion) references portico_promotions.promotions
    );

    create table portico_promotions.overrides (
      tenant text not null,
      promotion uuid not null,
      sequence bigint generated always as identity,
      gates jsonb not null,
      reason text not null,
      ticket text not null,
      by_ref text not null,
      at timestamptz not null,
      expires_at timestamptz not null,
      confirmed_by text check (confirmed_by <> by_ref),
      confirmed_at timestamptz,
      review_due_at timestamptz not null,
      reviewed_by text check (reviewed_by <> by_ref and reviewed_by <> confirmed_by),
      reviewed_at timestamptz,
      finding text check (finding in ('justified', 'notJustified')),
      review_comment text,
      primary key (tenant, promotion, sequence),
      foreign key (tenant, promotion) references portico_promotions.promotions
    );
    create index overrides_to_review on portico_promotions.overrides (tenant, review_due_at)
      where confirmed_at is not null and reviewed_at is null;

    create table portico_promotions.effects (
      tenant text not null,
      promotion uuid not null,
      key text not null,
      step text not null,
      -- order among the effects of its promotion
      position integer not null,
      kind text not null,
      state text not null check (state in ('planned', 'sent', 'confirmed', 'failed')),
      attempts integer not null default 0,
      remote jsonb,
      reason text,
      planned_at timestamptz not null,
      confirmed_at timestamptz,
      primary key (tenant, key),
      unique (tenant, promotion, step),
      foreign key (tenant, promotion) references portico_promotions.promotions
    );

    create table portico_promotions.deployments (
      tenant text not null references portico_tenancy.tenants,
      id uuid not null default gen_random_uuid(),
      component text not null,
      environment text not null,
      tier text not null check (tier in ('development', 'test', 'production')),
      release text,
      version text,
      source_commit text,
      revision text,
      result text not null check (result in ('succeeded', 'failed', 'rolledBack')),
      kind text not null check (kind in ('promote', 'rollback', 'redeploy', 'observed')),
      source text not null check (source in ('promotion', 'observed')),
      promotion uuid,
      initiated_by text not null,
      -- of what was observed: the same thing seen twice is one deployment
      observed_key text,
      -- when the first commit of it was written, for the lead time
      first_commit_at timestamptz,
      started_at timestamptz not null,
      finished_at timestamptz not null,
      sample boolean not null default false,
      primary key (tenant, id),
      unique (tenant, promotion),
      unique (tenant, observed_key)
    );
    create index deployments_of_component
      on portico_promotions.deployments (tenant, component, environment, finished_at desc, id);
    create index deployments_by_tier
      on portico_promotions.deployments (tenant, tier, finished_at);

    -- automation is off for a component in an environment
    create table portico_promotions.holds (
      tenant text not null references portico_tenancy.tenants,
      id uuid not null default gen_random_uuid(),
      component text not null,
      environment text not null,
      reason text not null,
      by_ref text not null,
      since timestamptz not null,
      released_by text,
      released_at timestamptz,
      primary key (tenant, id)
    );
    create unique index holds_open on portico_promotions.holds (tenant, component, environment)
      where released_at is null;

    -- the line is stopped; the tenant 'default' stops all
    create table portico_promotions.stops (
      tenant text not null references portico_tenancy.tenants,
      id uuid not null default gen_random_uuid(),
      environment text,
      reason text not null,
      by_ref text not null,
      since timestamptz not null,
      lifted_by text,
      lifted_at timestamptz,
      primary key (tenant, id)
    );
    create index stops_open on portico_promotions.stops (tenant) where lifted_at is null;

    create table portico_promotions.drift (
      tenant text not null references portico_tenancy.tenants,
      id uuid not null default gen_random_uuid(),
      component text not null,
      environment text not null,
      class text not null,
      resource text not null default '',
      path text not null default '',
      declared text,
      live text,
      reason text not null,
      source text not null,
      first_seen_at timestamptz not null,
      last_seen_at timestamptz not null,
      resolved_at timestamptz,
      told_at timestamptz,
      muted_by text,
      muted_until timestamptz,
      muted_reason text,
      primary key (tenant, id)
    );
    create unique index drift_open
      on portico_promotions.drift (tenant, component, environment, class, resource, path)
      where resolved_at is null;
    create index drift_by_age on portico_promotions.drift (tenant, last_seen_at desc, id);

    -- what changed, in order, for event streams and other programs
    create table portico_promotions.events (
      sequence bigint generated always as identity primary key,
      tenant text not null references portico_tenancy.tenants,
      at timestamptz not null,
      event jsonb not null,
      -- whose commit came later may have the smaller number
      writer xid8 not null default pg_current_xact_id()
    );
    create index events_of_tenant on portico_promotions.events (tenant, writer, sequence);
    create index events_in_order on portico_promotions.events (writer, sequence);
  `);
  for (const [table, rights] of Object.entries(tenantRights)) {
    await knex.raw(`
      alter table portico_promotions.${table} enable row level security;
      alter table portico_promotions.${table} force row level security;
      create policy tenant on portico_promotions.${table} to portico_tenant
        using (tenant = current_setting('portico.tenant', true))
        with check (tenant = current_setting('portico.tenant', true));
      create policy platform on portico_promotions.${table} to portico_platform
        using (true) with check (true);
      revoke all on portico_promotions.${table} from public;
      grant ${rights} on portico_promotions.${table} to portico_tenant;
      grant select on portico_promotions.${table} to portico_platform;
    `);
  }
  // The stops of the platform bind every tenant: each may know of them.
  await knex.raw(`
    create policy platform_stops on portico_promotions.stops for select to portico_tenant
      using (tenant = 'default');
    -- a worker takes what is due without knowing whose it is
    grant update (leased_until, leased_by) on portico_promotions.promotions to portico_platform;
    grant delete on portico_promotions.events to portico_platform;
  `);
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  for (const table of Object.keys(tenantRights).reverse()) {
    await knex.raw(`drop table portico_promotions.${table}`);
  }
};
