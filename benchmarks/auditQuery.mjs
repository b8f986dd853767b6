// How long the audit's searches take on a million entries of twenty chains, through the
// class that the route GET /api/audit/entries calls (no HTTP, no permission check):
//   node benchmarks/auditQuery.mjs [entries] [chains] [runs]
// Starts a PostgreSQL of its own. The entries are made in SQL: they have the columns,
// indexes and sizes of real ones, but their hashes are not those of a chain. A third of
// them is in the first chain; the second half of the filters looks for what is hard to
// find: what is rare, what was frequent long ago and stopped, and what is not there.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
// The sources are TypeScript, and run as they are.
require('@backstage/cli/config/nodeTransform.cjs');
const {
  bootstrapDatabase,
  createPorticoDatabase,
  migrate,
} = require('../packages/database/src');
const { PostgresServer } = require('../packages/launcher/src/PostgresServer');
const { auditMigrations } = require('../plugins/audit-backend/src/migrations');
const { EntryQuery } = require('../plugins/audit-backend/src/query/EntryQuery');
const { Client } = require('pg');

const entries = Number(process.argv[2] ?? 1_000_000);
const chains = Number(process.argv[3] ?? 20);
const runs = Number(process.argv[4] ?? 50);
const AIM_MILLISECONDS = 100;

/** An entry each 27 seconds; the newest chain gets none that the others do not. */
const makeData = `
  create temporary table made as
    select number, chain, row_number() over (partition by chain order by number) as sequence,
           gen_random_uuid() as id,
           '2026-01-01'::timestamptz + number * interval '27 seconds' as occurred_at,
           case when number <= 40 then 'audit.key.rotate'
                -- frequent at first, and never again
                when number < ${entries} / 4 and number % 5 = 0 then 'legacy.job.run'
                else (array['auth.session.start', 'auth.session.end', 'tenancy.source.read',
                            'tenancy.member.change', 'git-host.repository.push',
                            'scaffolder.task.create', 'access.request.refuse',
                            'tenancy.token.create'])[1 + floor(power(random(), 2) * 8)::int]
           end as act,
           (array['low', 'medium', 'high', 'critical'])[1 + floor(power(random(), 5) * 4)::int] as severity,
           (array['succeeded', 'failed', 'refused'])[1 + floor(power(random(), 4) * 3)::int] as outcome,
           'user:' || chain || '/person-' || floor(power(random(), 2) * 500)::int as actor,
           'component:' || chain || '/service-' || floor(power(random(), 2) * 2000)::int as subject
      from (select number,
                   'tenant-' || lpad(
                     (case when random() < 0.3 then 0 else floor(random() * ${chains}) end)::text, 3, '0'
                   ) as chain
              from generate_series(1, ${entries}) as number) as numbers;

  insert into portico_audit.chains select distinct chain from made;
  insert into portico_audit.personal_data
         (chain, commitment, person, salt, value, value_digest, search)
    select chain, 'sha256:' || encode(sha256(actor::bytea), 'hex'), actor,
           decode(repeat('00', 16), 'hex'), actor, sha256(actor::bytea),
           to_tsvector('simple', translate(actor, ':/-', '   '))
      from (select distinct chain, actor from made) as people;
  insert into portico_audit.entries
         (chain, sequence, id, hash, entry, occurred_at, act, severity, outcome, actor,
          subject_kind, subject, request_id, commitments, search)
    select chain, sequence, id, sha256((chain || sequence)::bytea),
           json_build_object(
             'act', act,
             'actor', json_build_object('kind', 'person', 'ref', json_build_object('$personal', person)),
             'chain', chain, 'details', json_build_object('note', repeat('word ', 40)), 'id', id,
             'occurredAt', to_char(occurred_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
             'outcome', outcome, 'previous', 'sha256:' || repeat('0', 64),
             'sequence', sequence, 'severity', severity,
             'subject', json_build_object('kind', 'component', 'ref', subject), 'version', 1
           )::text,
           occurred_at, act, array_position(array['low', 'medium', 'high', 'critical'], severity) - 1,
           outcome, person, 'component', subject, 'request-' || number, array[person],
           to_tsvector('simple', translate(act || ' ' || subject, '.:/-', '    ')
             || ' common' || case when number % 2 = 0 then ' even' else ' odd' end
             || ' thousand' || number % 1000 || ' era' || number * 100 / ${entries})
      from (select *, 'sha256:' || encode(sha256(actor::bytea), 'hex') as person from made) as rows
     order by number;
  drop table made;
`;

const day = number =>
  new Date(Date.UTC(2026, 0, 1) + number * 86_400_000).toISOString();
const days = (entries * 27) / 86_400;

/** Filters of one chain and of all; `CHAIN` stands for the reader's. */
const filters = {
  newest: {},
  'an act': { act: 'tenancy.member.change' },
  'acts of a plugin': { act: 'tenancy.*' },
  'a person': { actor: 'user:CHAIN/person-3' },
  'a subject': { subject: 'component:CHAIN/service-12' },
  refused: { outcome: 'refused' },
  'high or more': { severity: 'high' },
  'a day': { from: day(days / 2), to: day(days / 2 + 1) },
  'a request': { requestId: `request-${Math.floor(entries / 2)}` },
  'a frequent word': { text: 'common' },
  'a word of one in a thousand': { text: 'thousand7' },
  'two frequent words': { text: 'even push' },
  'a name and a word': { text: '"person 3" push' },
  'a word, another left out': { text: 'push -even' },
  'a person, refused': { actor: 'user:CHAIN/person-3', outcome: 'refused' },
  'an act, critical': { act: 'tenancy.token.create', severity: 'critical' },
  'rare act at the far end': { act: 'audit.key.rotate' },
  'act that stopped long ago': { act: 'legacy.job.run' },
  'acts that stopped long ago': { act: 'legacy.*' },
  'act that stopped, refused': { act: 'legacy.job.run', outcome: 'refused' },
  'word of long ago': { text: 'era3' },
  'frequent word of long ago': { text: 'legacy' },
  'words of different times': { text: 'era3 era90' },
  'word that is nowhere': { text: 'nothinglikethis' },
  'person without entries': { actor: 'user:CHAIN/nobody' },
  'act that is nowhere': { act: 'not.there.at-all' },
  'all that is old': { to: day(days / 10) },
  'old and refused': { to: day(days / 10), outcome: 'refused' },
  'an old person': { to: day(days / 10), actor: 'user:CHAIN/person-3' },
};

const first = 'tenant-000';
const last = `tenant-${String(chains - 1).padStart(3, '0')}`;
const readers = {
  'the largest tenant': { scope: { kind: 'own', chain: first }, chain: first },
  'a small tenant': { scope: { kind: 'own', chain: last }, chain: last },
  'an auditor, all chains': { scope: { kind: 'auditor' }, chain: first },
};

const folder = mkdtempSync(join(tmpdir(), 'portico-bench-'));
const password = randomBytes(24).toString('base64url');
const server = await PostgresServer.start({
  directory: join(folder, 'postgres'),
  password,
  logFile: join(folder, 'postgres.log'),
  durable: true,
});
try {
  const passwords = {
    app: password,
    stock: password,
    migrator: password,
    jobs: password,
  };
  await bootstrapDatabase(server.adminConnection, {
    database: 'bench',
    passwords,
  });
  const login = user =>
    `postgres://${user}:${password}@${server.host}:${server.port}/bench`;
  await migrate({
    connection: login('portico_migrator'),
    migrations: [auditMigrations],
  });

  const started = performance.now();
  const client = new Client({
    connectionString: server.adminConnection.replace(/postgres$/, 'bench'),
  });
  await client.connect();
  // Indexes are made behind the rows: many times faster.
  const indexes = await client.query(
    `select indexrelid::regclass as name, pg_get_indexdef(indexrelid) as definition
       from pg_index
      where indrelid = 'portico_audit.entries'::regclass and not indisunique`,
  );
  for (const { name } of indexes.rows) {
    await client.query(`drop index ${name}`);
  }
  for (const statement of makeData.split(/;\n/).filter(text => text.trim())) {
    await client.query(statement);
  }
  for (const { definition } of indexes.rows) {
    await client.query(definition);
  }
  await client.query('vacuum analyze portico_audit.entries');
  await client.query('vacuum analyze portico_audit.personal_data');
  const { rows } = await client.query(
    `select count(*) as entries, pg_size_pretty(pg_total_relation_size('portico_audit.entries')) as size
       from portico_audit.entries`,
  );
  await client.end();
  console.log(
    `${rows[0].entries} entries in ${chains} chains, ${
      rows[0].size
    } with indexes, made in ${Math.round(
      (performance.now() - started) / 1000,
    )} s; pages of 50, ${runs} runs each, milliseconds`,
  );

  const database = createPorticoDatabase({
    connection: {
      host: server.host,
      port: server.port,
      database: 'bench',
      user: 'portico_app',
      password,
    },
  });
  const query = new EntryQuery({ database });
  const all = [];
  for (const [reader, { scope, chain }] of Object.entries(readers)) {
    console.log(`\n${reader}`);
    for (const [name, template] of Object.entries(filters)) {
      const filter = JSON.parse(
        JSON.stringify(template).replaceAll('CHAIN', chain),
      );
      const times = [];
      let found = 0;
      // The first one is not counted: it reads from the disk.
      for (let run = 0; run <= runs; run += 1) {
        const start = performance.now();
        const page = await query.page(scope, { filter, limit: 50 });
        if (run > 0) {
          times.push(performance.now() - start);
        }
        found = page.items.length;
      }
      all.push(...times);
      console.log(`  ${name.padEnd(30)} ${line(times)}  found ${found}`);
    }
  }
  console.log(`\nall of them                      ${line(all)}`);
  await database.close();
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

function line(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = share =>
    sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
  const text = value => value.toFixed(1).padStart(7);
  return `p50 ${text(at(0.5))}  p95 ${text(at(0.95))}  max ${text(
    sorted.at(-1),
  )}${at(0.95) > AIM_MILLISECONDS ? '  OVER THE AIM' : ''}`;
}
