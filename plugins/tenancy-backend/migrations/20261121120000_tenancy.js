// @ts-check

/**
 * Tables of the tenancy, one row per thing and tenant. Both roles that serve
 * requests are bound by row-level security: `portico_tenant` to the tenant of its
 * transaction, `portico_platform` to what it was granted on a table.
 */

const read = 'select';
const append = 'select, insert, delete';
const write = 'select, insert, update, delete';

/** Rights of the two roles per table, in order of creation. */
const grants = {
  tenants: { tenant: read, platform: write },
  groups: { tenant: write, platform: read },
  members: { tenant: write, platform: read },
  member_identities: { tenant: write, platform: read },
  group_memberships: { tenant: write, platform: read },
  sessions: { tenant: write, platform: read },
  machine_tokens: { tenant: write, platform: read },
  device_requests: { tenant: 'select, delete', platform: write },
  sources: { tenant: write, platform: read },
  source_scans: { tenant: write, platform: read },
  source_documents: { tenant: write, platform: read },
  source_claims: { tenant: write, platform: read },
  source_refusals: { tenant: append, platform: read },
  webhook_secrets: { tenant: write, platform: read },
  webhook_deliveries: { tenant: append, platform: read },
};

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  await knex.raw(`
    create table portico_tenancy.tenants (
      tenant text primary key
        check (tenant ~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])$'),
      title text not null,
      created_at timestamptz not null default now()
    );
    insert into portico_tenancy.tenants (tenant, title)
      values ('default', 'Platform');

    create table portico_tenancy.groups (
      tenant text not null references portico_tenancy.tenants,
      name text not null,
      display_name text not null,
      type text not null,
      parent text check (parent <> name),
      primary key (tenant, name),
      foreign key (tenant, parent) references portico_tenancy.groups (tenant, name)
        on delete set null (parent)
    );
    create index groups_by_parent on portico_tenancy.groups (tenant, parent);

    create table portico_tenancy.members (
      tenant text not null references portico_tenancy.tenants,
      name text not null,
      kind text not null check (kind in ('person', 'machine')),
      display_name text not null,
      email text,
      roles text[] not null,
      version integer not null default 1,
      disabled_at timestamptz,
      created_at timestamptz not null default now(),
      primary key (tenant, name),
      -- platform-wide roles belong to people of the platform alone
      check (tenant = 'default' or not roles && array['platform-admin', 'auditor'])
    );

    create table portico_tenancy.member_identities (
      tenant text not null,
      member text not null,
      issuer text not null,
      subject text not null,
      primary key (tenant, member),
      unique (tenant, issuer, subject),
      foreign key (tenant, member) references portico_tenancy.members (tenant, name)
        on delete cascade
    );
    -- sign-in looks a person up in all tenants
    create index member_identities_by_identity
      on portico_tenancy.member_identities (issuer, subject);

    create table portico_tenancy.group_memberships (
      tenant text not null,
      member text not null,
      group_name text not null,
      primary key (tenant, member, group_name),
      foreign key (tenant, member) references portico_tenancy.members (tenant, name)
        on delete cascade,
      foreign key (tenant, group_name) references portico_tenancy.groups (tenant, name)
        on delete cascade
    );
    create index group_memberships_by_group
      on portico_tenancy.group_memberships (tenant, group_name);

    -- No reference to members: the end of a session outlives its member, so that a
    -- token never comes back to life with a new member of the same name.
    create table portico_tenancy.sessions (
      tenant text not null references portico_tenancy.tenants,
      member text not null,
      issued_at bigint not null,
      expires_at bigint not null,
      method text not null,
      scopes text[] not null default '{}',
      ended_at timestamptz,
      primary key (tenant, member, issued_at)
    );

    create table portico_tenancy.machine_tokens (
      tenant text not null,
      id text not null,
      name text not null,
      member text not null,
      secret_hash bytea not null,
      scopes text[] not null,
      created_by text not null,
      created_at timestamptz not null,
      expires_at timestamptz not null,
      last_used_at timestamptz,
      revoked_at timestamptz,
      primary key (tenant, id),
      foreign key (tenant, member) references portico_tenancy.members (tenant, name)
        on delete cascade
    );
    create index machine_tokens_by_member
      on portico_tenancy.machine_tokens (tenant, member);

    -- A request has no tenant before a person of one approves it.
    create table portico_tenancy.device_requests (
      tenant text references portico_tenancy.tenants,
      device_code_hash bytea primary key,
      user_code text not null unique,
      client text not null,
      requested_at timestamptz not null,
      expires_at timestamptz not null,
      member text,
      member_version integer,
      taken_at timestamptz,
      check (num_nulls(tenant, member, member_version) in (0, 3))
    );
    create index device_requests_by_tenant on portico_tenancy.device_requests (tenant);
    create index device_requests_by_expiry on portico_tenancy.device_requests (expires_at);

    create table portico_tenancy.sources (
      tenant text not null references portico_tenancy.tenants,
      name text not null,
      location jsonb not null,
      -- the same address is a source once, whatever the tenant
      location_key text not null unique,
      registered_by text not null,
      created_at timestamptz not null default now(),
      primary key (tenant, name)
    );

    create table portico_tenancy.source_scans (
      tenant text not null,
      source text not null,
      scanned_at timestamptz not null,
      outcome text not null check (outcome in ('read', 'unreadable')),
      revision text,
      reason text,
      primary key (tenant, source),
      foreign key (tenant, source) references portico_tenancy.sources (tenant, name)
        on delete cascade
    );

    create table portico_tenancy.source_documents (
      tenant text not null,
      source text not null,
      entity_ref text not null,
      file text not null,
      line integer not null,
      entity jsonb not null,
      -- order of declaration: who waits longest inherits a claim
      declaration bigint generated always as identity,
      primary key (tenant, source, entity_ref),
      foreign key (tenant, source) references portico_tenancy.sources (tenant, name)
        on delete cascade,
      check (split_part(split_part(entity_ref, ':', 2), '/', 1) = tenant)
    );
    create index source_documents_by_ref
      on portico_tenancy.source_documents (tenant, entity_ref, declaration);

    create table portico_tenancy.source_claims (
      tenant text not null,
      entity_ref text not null,
      source text not null,
      primary key (tenant, entity_ref),
      -- a claim is held by a document that exists
      foreign key (tenant, source, entity_ref)
        references portico_tenancy.source_documents (tenant, source, entity_ref)
        on delete cascade
    );
    create index source_claims_by_source
      on portico_tenancy.source_claims (tenant, source, entity_ref);

    create table portico_tenancy.source_refusals (
      tenant text not null,
      source text not null,
      position integer not null,
      file text not null,
      line integer,
      entity_ref text,
      reason text not null,
      primary key (tenant, source, position),
      foreign key (tenant, source) references portico_tenancy.sources (tenant, name)
        on delete cascade
    );

    create table portico_tenancy.webhook_secrets (
      tenant text not null,
      source text not null,
      key_id text not null,
      sealed bytea not null,
      created_at timestamptz not null default now(),
      primary key (tenant, source),
      foreign key (tenant, source) references portico_tenancy.sources (tenant, name)
        on delete cascade
    );

    create table portico_tenancy.webhook_deliveries (
      tenant text not null,
      source text not null,
      delivery_id text not null,
      -- set where the signature does not cover the delivery's id
      body_digest bytea,
      received_at timestamptz not null,
      primary key (tenant, source, delivery_id),
      unique (tenant, source, body_digest),
      foreign key (tenant, source) references portico_tenancy.sources (tenant, name)
        on delete cascade
    );
    create index webhook_deliveries_by_age
      on portico_tenancy.webhook_deliveries (tenant, source, received_at);
  `);
  for (const [table, rights] of Object.entries(grants)) {
    await knex.raw(`
      alter table portico_tenancy.${table} enable row level security;
      alter table portico_tenancy.${table} force row level security;
      create policy tenant on portico_tenancy.${table} to portico_tenant
        using (tenant = current_setting('portico.tenant', true))
        with check (tenant = current_setting('portico.tenant', true));
      create policy platform on portico_tenancy.${table} to portico_platform
        using (true) with check (true);
      revoke all on portico_tenancy.${table} from public;
      grant ${rights.tenant} on portico_tenancy.${table} to portico_tenant;
      grant ${rights.platform} on portico_tenancy.${table} to portico_platform;
    `);
  }
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  for (const table of Object.keys(grants).reverse()) {
    await knex.raw(`drop table portico_tenancy.${table}`);
  }
};
