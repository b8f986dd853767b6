// @ts-check

/**
 * Tables of the audit: an outbox that every act writes to in its own transaction, the
 * chains, the personal data beside them, and what proves them.
 *
 * Nobody but the functions below can change or remove a row: no role that serves
 * requests holds `update` or `delete` on any of these tables. The functions run as the
 * owner, whom row security binds as well, so the owner has policies for just what they
 * do.
 */

/** The transaction's tenant, asked for once per statement and not once per row. */
const TENANT = `(select current_setting('portico.tenant', true))`;

/** What `portico_tenant` reads of its own chain and `portico_platform` reads and adds. */
const APPENDED_BY_PLATFORM = [
  'chains',
  'entries',
  'tree_nodes',
  'checkpoints',
  'deliveries',
];

const tables = `
  create table portico_audit.outbox (
    -- order of appending; the relay reads in it
    position bigint generated always as identity primary key,
    -- not unique here: every index would make every act slower, and the chain's is
    id uuid not null check (id::text ~ '^.{14}[1-8].{4}[89ab]'),
    chain text not null check (chain ~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])$'),
    occurred_at timestamptz not null
      check (occurred_at >= '2020-01-01Z' and occurred_at < '3000-01-01Z'),
    draft json not null
  );

  -- one row per chain, from its first entry on
  create table portico_audit.chains (
    chain text collate "C" primary key
  );

  create table portico_audit.entries (
    chain text collate "C" not null,
    sequence bigint not null check (sequence > 0),
    id uuid not null unique,
    hash bytea not null check (octet_length(hash) = 32),
    -- the canonical text; the columns below are taken from it, to find it
    entry text not null,
    occurred_at timestamptz not null,
    act text collate "C" not null,
    -- 0 low, 1 medium, 2 high, 3 critical
    severity smallint not null check (severity between 0 and 3),
    outcome text collate "C" not null,
    -- a ref, or the commitment to one; so are on_behalf_of and subject
    actor text collate "C",
    on_behalf_of text collate "C",
    subject_kind text collate "C" not null,
    subject text collate "C" not null,
    request_id text collate "C",
    correlation text collate "C",
    commitments text[] not null,
    -- words of the entry; personal data are not among them
    search tsvector not null,
    primary key (chain, sequence)
  );
  -- Pages are read newest first: by (occurred_at, chain, sequence), backwards.
  create index entries_chain_time on portico_audit.entries (chain, occurred_at, sequence);
  create index entries_chain_actor on portico_audit.entries (chain, actor, occurred_at, sequence);
  create index entries_chain_act on portico_audit.entries (chain, act, occurred_at, sequence);
  create index entries_chain_subject on portico_audit.entries (chain, subject, occurred_at, sequence);
  create index entries_chain_outcome on portico_audit.entries (chain, outcome, occurred_at, sequence)
    where outcome <> 'succeeded';
  create index entries_time on portico_audit.entries (occurred_at, chain, sequence);
  create index entries_actor on portico_audit.entries (actor, occurred_at, chain, sequence);
  create index entries_act on portico_audit.entries (act, occurred_at, chain, sequence);
  create index entries_subject on portico_audit.entries (subject, occurred_at, chain, sequence);
  create index entries_outcome on portico_audit.entries (outcome, occurred_at, chain, sequence)
    where outcome <> 'succeeded';
  create index entries_chain_high on portico_audit.entries (chain, occurred_at, sequence)
    where severity >= 2;
  create index entries_high on portico_audit.entries (occurred_at, chain, sequence)
    where severity >= 2;
  -- few entries each, whatever the chain
  create index entries_critical on portico_audit.entries (occurred_at, chain, sequence)
    where severity = 3;
  create index entries_on_behalf_of on portico_audit.entries (on_behalf_of, occurred_at, chain, sequence)
    where on_behalf_of is not null;
  create index entries_request on portico_audit.entries (request_id) where request_id is not null;
  create index entries_correlation on portico_audit.entries (correlation) where correlation is not null;
  create index entries_search on portico_audit.entries using gin (search);
  create index entries_commitments on portico_audit.entries using gin (commitments);

  create table portico_audit.personal_data (
    chain text collate "C" not null,
    commitment text collate "C" not null,
    -- whose it is: the ref of a person, or an address of nobody known
    person text collate "C" not null,
    salt bytea not null check (octet_length(salt) >= 16),
    value text not null,
    -- SHA-256 of the value: values are too long for an index
    value_digest bytea not null check (octet_length(value_digest) = 32),
    search tsvector not null,
    primary key (chain, commitment)
  );
  create unique index personal_data_person
    on portico_audit.personal_data (person, chain, value_digest);
  create index personal_data_search on portico_audit.personal_data using gin (search);

  -- commitments whose salt and value were destroyed because a person was erased
  create table portico_audit.erased_commitments (
    chain text collate "C" not null,
    commitment text collate "C" not null,
    erased_at timestamptz not null default now(),
    primary key (chain, commitment)
  );

  -- roots of the complete subtrees of 2^level entries; they outlive pruned entries
  create table portico_audit.tree_nodes (
    chain text collate "C" not null,
    level smallint not null check (level in (8, 16, 24)),
    index bigint not null check (index >= 0),
    hash bytea not null check (octet_length(hash) = 32),
    primary key (chain, level, index)
  );

  create table portico_audit.checkpoints (
    chain text collate "C" not null,
    size bigint not null check (size > 0),
    note text not null,
    created_at timestamptz not null,
    primary key (chain, size)
  );

  -- what became of bringing a checkpoint to a place outside
  create table portico_audit.deliveries (
    id bigint generated always as identity primary key,
    chain text collate "C" not null,
    destination text collate "C" not null,
    type text not null check (type in ('file', 's3', 'git')),
    size bigint not null check (size > 0),
    -- 'conflict': something else stands in its place
    outcome text not null check (outcome in ('delivered', 'failed', 'conflict')),
    failure text,
    at timestamptz not null,
    check ((outcome = 'delivered') = (failure is null))
  );
  create index deliveries_done on portico_audit.deliveries (destination, chain, size)
    where outcome <> 'failed';
  create index deliveries_newest on portico_audit.deliveries (destination, chain, id);

  create table portico_audit.signing_keys (
    id bigint generated always as identity primary key,
    -- the verifier key in the form of signed notes
    key text not null,
    -- the note in which the key before introduces it; none for a root of trust
    introduction text,
    introduced_at timestamptz not null
  );

  -- what was cut off the front of a chain
  create table portico_audit.prunings (
    chain text collate "C" not null,
    -- the last entry that was cut off; a multiple of 256
    sequence bigint not null check (sequence > 0 and sequence % 256 = 0),
    -- its hash, which the oldest kept entry names
    head bytea not null check (octet_length(head) = 32),
    pruned_at timestamptz not null default now(),
    primary key (chain, sequence)
  );
`;

const outboxRights = `
  alter table portico_audit.outbox enable row level security;
  alter table portico_audit.outbox force row level security;
  create policy outbox_tenant_insert on portico_audit.outbox for insert to portico_tenant
    with check (chain = current_setting('portico.tenant', true));
  create policy outbox_tenant_select on portico_audit.outbox for select to portico_tenant
    using (chain = ${TENANT});
  create policy outbox_platform_insert on portico_audit.outbox for insert to portico_platform
    with check (true);
  create policy outbox_platform_select on portico_audit.outbox for select to portico_platform
    using (true);
  create policy outbox_owner_select on portico_audit.outbox for select to portico_owner using (true);
  create policy outbox_owner_delete on portico_audit.outbox for delete to portico_owner using (true);
  -- nobody chooses a position
  grant insert (id, chain, occurred_at, draft) on portico_audit.outbox
    to portico_tenant, portico_platform;
  -- enough to tell how many acts wait
  grant select (position, chain, occurred_at) on portico_audit.outbox to portico_tenant;
  grant select on portico_audit.outbox to portico_platform;
`;

/** @param {string} table */
function ownChainRights(table) {
  return `
    alter table portico_audit.${table} enable row level security;
    alter table portico_audit.${table} force row level security;
    create policy ${table}_tenant_select on portico_audit.${table} for select to portico_tenant
      using (chain = ${TENANT});
    create policy ${table}_platform_select on portico_audit.${table} for select to portico_platform
      using (true);
    create policy ${table}_owner_select on portico_audit.${table} for select to portico_owner
      using (true);
    grant select on portico_audit.${table} to portico_tenant, portico_platform;
  `;
}

/** @param {string} table */
function platformInsertRights(table) {
  return `
    create policy ${table}_platform_insert on portico_audit.${table} for insert to portico_platform
      with check (true);
    grant insert on portico_audit.${table} to portico_platform;
  `;
}

const otherRights = `
  alter table portico_audit.personal_data enable row level security;
  alter table portico_audit.personal_data force row level security;
  -- a tenant does not learn who the people of the platform are
  create policy personal_data_tenant_select on portico_audit.personal_data
    for select to portico_tenant
    using (chain = ${TENANT} and (chain = 'default' or not starts_with(person, 'user:default/')));
  create policy personal_data_platform_select on portico_audit.personal_data
    for select to portico_platform using (true);
  create policy personal_data_owner_select on portico_audit.personal_data
    for select to portico_owner using (true);
  create policy personal_data_owner_delete on portico_audit.personal_data
    for delete to portico_owner using (true);
  -- a salt opens a commitment, so it is read where values are
  grant select on portico_audit.personal_data to portico_tenant, portico_platform;
  ${platformInsertRights('personal_data')}

  create policy entries_owner_delete on portico_audit.entries
    for delete to portico_owner using (true);
  create policy erased_commitments_owner_insert on portico_audit.erased_commitments
    for insert to portico_owner with check (true);
  create policy prunings_owner_insert on portico_audit.prunings
    for insert to portico_owner with check (true);

  -- public keys are for everybody
  alter table portico_audit.signing_keys enable row level security;
  alter table portico_audit.signing_keys force row level security;
  create policy signing_keys_select on portico_audit.signing_keys
    for select to portico_tenant, portico_platform using (true);
  grant select on portico_audit.signing_keys to portico_tenant, portico_platform;
  ${platformInsertRights('signing_keys')}
`;

const functions = `
  -- Held by whoever chains, prunes or erases: these three never overlap.
  create function portico_audit.hold_chains() returns void
    language sql set search_path = pg_catalog, pg_temp
  as $function$ select pg_advisory_xact_lock(7007, 11) $function$;

  -- Takes what stands in a chain out of the outbox; tells how many rows that were.
  create function portico_audit.free_outbox(positions bigint[]) returns bigint
    language sql security definer set search_path = pg_catalog, pg_temp
  as $function$
    with freed as (
      delete from portico_audit.outbox waiting
       where waiting.position = any (positions)
         and exists (select from portico_audit.entries where entries.id = waiting.id)
      returning 1
    )
    select count(*) from freed
  $function$;

  -- Whether this transaction itself records the act, so that it cannot happen unseen.
  create function portico_audit.is_recorded(wanted_chain text, wanted_act text) returns boolean
    language sql stable set search_path = pg_catalog, pg_temp
  as $function$
    select exists (
      select from portico_audit.outbox
       where chain = wanted_chain and draft ->> 'act' = wanted_act
         and xmin = pg_current_xact_id()::xid
    )
  $function$;

  -- Cuts off the front of a chain, up to and with an entry; tells how many were cut.
  create function portico_audit.prune(wanted_chain text, last_sequence bigint) returns bigint
    language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $function$
  declare
    base bigint;
    last_hash bytea;
    unused text[];
    pruned bigint;
  begin
    perform portico_audit.hold_chains();
    select coalesce(max(sequence), 0) into base
      from portico_audit.prunings where chain = wanted_chain;
    if last_sequence is null or last_sequence % 256 <> 0 or last_sequence <= base then
      raise exception 'The chain "%" is pruned up to entry %, in whole blocks of 256: entry % cannot be the next end',
        wanted_chain, base, last_sequence using errcode = 'invalid_parameter_value';
    end if;
    select hash into last_hash from portico_audit.entries
     where chain = wanted_chain and sequence = last_sequence;
    if last_hash is null or not exists (
      select from portico_audit.entries
       where chain = wanted_chain and sequence = last_sequence + 1
    ) then
      raise exception 'The newest entry of the chain "%" is kept: entry % cannot be pruned',
        wanted_chain, last_sequence using errcode = 'invalid_parameter_value';
    end if;
    if exists (
      select from portico_audit.entries
       where chain = wanted_chain and sequence <= last_sequence
         and occurred_at > now() - interval '30 days'
    ) then
      raise exception 'Entries of the chain "%" that are younger than 30 days are kept', wanted_chain
        using errcode = 'insufficient_privilege';
    end if;
    if (select count(*) from portico_audit.tree_nodes
         where chain = wanted_chain and level = 8 and index < last_sequence / 256)
       <> last_sequence / 256
    then
      raise exception 'The chain "%" lacks the roots of the blocks to prune', wanted_chain
        using errcode = 'insufficient_privilege';
    end if;
    if not exists (
      select from portico_audit.checkpoints
        join portico_audit.deliveries using (chain, size)
       where chain = wanted_chain and size >= last_sequence and outcome = 'delivered'
    ) then
      raise exception 'No delivered checkpoint of the chain "%" covers entry %', wanted_chain, last_sequence
        using errcode = 'insufficient_privilege';
    end if;
    if not portico_audit.is_recorded(wanted_chain, 'audit.chain.prune') then
      raise exception 'Pruning the chain "%" is not recorded in this transaction', wanted_chain
        using errcode = 'insufficient_privilege';
    end if;

    insert into portico_audit.prunings (chain, sequence, head)
      values (wanted_chain, last_sequence, last_hash);
    with gone as (
      delete from portico_audit.entries
       where chain = wanted_chain and sequence <= last_sequence
      returning commitments
    )
    select count(*), (
      select coalesce(array_agg(distinct used), '{}')
        from gone as each_gone, unnest(each_gone.commitments) as used
    ) into pruned, unused from gone;
    delete from portico_audit.personal_data datum
     where datum.chain = wanted_chain and datum.commitment = any (unused)
       and not exists (
         select from portico_audit.entries
          where chain = wanted_chain and commitments @> array[datum.commitment]
       );
    return pruned;
  end
  $function$;

  -- Destroys salts and values of one person in one chain; tells how many that were.
  create function portico_audit.erase_person(wanted_chain text, wanted_person text) returns bigint
    language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $function$
  declare
    erased bigint;
  begin
    -- the setting "role" is the caller's, also in here
    if current_setting('role') <> 'portico_platform'
       and (current_setting('role') <> 'portico_tenant'
            or wanted_chain is distinct from current_setting('portico.tenant', true))
    then
      raise exception 'Only the own chain can be erased from' using errcode = 'insufficient_privilege';
    end if;
    if wanted_person is null or not starts_with(wanted_person, 'user:') then
      raise exception 'Only a person can be erased' using errcode = 'invalid_parameter_value';
    end if;
    perform portico_audit.hold_chains();
    if not portico_audit.is_recorded(wanted_chain, 'audit.person.erase') then
      raise exception 'The erasure is not recorded in this transaction'
        using errcode = 'insufficient_privilege';
    end if;
    -- what waits would bring the person back
    if exists (
      select from portico_audit.outbox
       where chain = wanted_chain
         and strpos(draft::text, to_json(wanted_person)::text) > 0
    ) then
      raise exception 'Acts that name the person are not chained yet'
        using errcode = 'object_in_use';
    end if;
    with gone as (
      delete from portico_audit.personal_data
       where chain = wanted_chain and person = wanted_person
      returning commitment
    ), kept as (
      insert into portico_audit.erased_commitments (chain, commitment)
        select wanted_chain, commitment from gone
    )
    select count(*) into erased from gone;
    return erased;
  end
  $function$;

  revoke all on function portico_audit.hold_chains(), portico_audit.free_outbox(bigint[]),
    portico_audit.is_recorded(text, text), portico_audit.prune(text, bigint),
    portico_audit.erase_person(text, text) from public;
  grant execute on function portico_audit.free_outbox(bigint[]), portico_audit.prune(text, bigint)
    to portico_platform;
  grant execute on function portico_audit.erase_person(text, text)
    to portico_tenant, portico_platform;
`;

/**
 * @param {import('knex').Knex} knex
 */
exports.up = async function up(knex) {
  const ownChain = [...APPENDED_BY_PLATFORM, 'erased_commitments', 'prunings'];
  for (const part of [
    tables,
    outboxRights,
    ...ownChain.map(ownChainRights),
    ...APPENDED_BY_PLATFORM.map(platformInsertRights),
    otherRights,
    functions,
  ]) {
    await knex.raw(part);
  }
};

/**
 * @param {import('knex').Knex} knex
 */
exports.down = async function down(knex) {
  await knex.raw(`
    drop function portico_audit.erase_person(text, text);
    drop function portico_audit.prune(text, bigint);
    drop function portico_audit.is_recorded(text, text);
    drop function portico_audit.free_outbox(bigint[]);
    drop function portico_audit.hold_chains();
    drop table portico_audit.prunings, portico_audit.signing_keys, portico_audit.deliveries,
      portico_audit.checkpoints, portico_audit.tree_nodes, portico_audit.erased_commitments,
      portico_audit.personal_data, portico_audit.entries, portico_audit.chains, portico_audit.outbox;
  `);
};
