// How many acts per second are recorded with 1 and with 8 writers, against a plain
// insert of the same rows, and how many the relay chains:
//   node benchmarks/auditAppend.mjs [seconds per round] [rounds] [chained entries]
// Starts a PostgreSQL of its own with fsync on. A plain insert is one `insert` of the
// same columns and bytes into a table with the same primary key, without row security,
// checks and validation, in a transaction that begins the same way (role and tenant
// set): that is what an act costs that records nothing. It alternates with appendAudit.
// "Alone" is the same insert without any transaction around it, one round trip.
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { cpus, loadavg } from 'node:os';
import { withAuditPostgres } from './auditPostgres.mjs';

const require = createRequire(import.meta.url);
const { appendAudit, defineAuditAct } = require('../plugins/audit-node/src');
const { Relay } = require('../plugins/audit-backend/src/relay/Relay');
const { Client, Pool } = require('pg');

const seconds = Number(process.argv[2] ?? 5);
const rounds = Number(process.argv[3] ?? 5);
const chainedEntries = Number(process.argv[4] ?? 100_000);

const act = defineAuditAct({
  name: 'tenancy.member.change',
  severity: 'high',
  when: 'The roles of a member change.',
  fields: ['change'],
});
const record = number => ({
  chain: `tenant-${number % 4}`,
  act,
  context: {
    actor: {
      kind: 'person',
      ref: `user:tenant-${number % 4}/person-${number % 50}`,
    },
    requestId: randomUUID(),
    sourceAddress: `192.0.2.${number % 250}`,
  },
  subject: {
    kind: 'member',
    ref: `user:tenant-${number % 4}/person-${number % 500}`,
  },
  change: {
    before: { roles: ['viewer'] },
    after: { roles: ['viewer', 'developer'] },
  },
});

const median = values =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

await withAuditPostgres(async ({ database, appUrl, adminUrl }) => {
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query(`
    create schema plain;
    create table plain.rows (
      position bigint generated always as identity primary key,
      id uuid not null, chain text not null, occurred_at timestamptz not null, draft json not null
    );
    grant usage on schema plain to portico_tenant, portico_app;
    grant insert on plain.rows to portico_tenant, portico_app;
  `);
  console.log(
    `${cpus().length} cores, load ${loadavg()[0].toFixed(
      1,
    )}, ${seconds} s a round, ${rounds} rounds`,
  );

  // the very rows that appendAudit writes
  const drafts = [];
  for (let number = 0; number < 1_000; number += 1) {
    await appendAudit(
      { raw: async (_, [, , , draft]) => drafts.push(draft) },
      record(number),
    );
  }
  const bytes = drafts.reduce((sum, draft) => sum + draft.length, 0);
  console.log(`${Math.round(bytes / drafts.length)} bytes of draft a row`);

  const pool = new Pool({ connectionString: appUrl, max: 8 });
  const insert =
    'insert into plain.rows (id, chain, occurred_at, draft) values';
  const ways = {
    audit: number => {
      const each = record(number);
      return database.inTenant(each.chain, transaction =>
        appendAudit(transaction, each),
      );
    },
    plain: number =>
      database.inTenant(`tenant-${number % 4}`, transaction =>
        transaction.raw(`${insert} (?, ?, ?, ?)`, [
          randomUUID(),
          `tenant-${number % 4}`,
          new Date(),
          drafts[number % 1_000],
        ]),
      ),
    alone: number =>
      pool.query(`${insert} ($1, $2, $3, $4)`, [
        randomUUID(),
        `tenant-${number % 4}`,
        new Date(),
        drafts[number % 1_000],
      ]),
  };
  const measure = async (write, writers) => {
    const until = performance.now() + seconds * 1_000;
    const began = performance.now();
    let count = 0;
    await Promise.all(
      Array.from({ length: writers }, async () => {
        while (performance.now() < until) {
          count += 1;
          await write(count);
        }
      }),
    );
    return (count * 1_000) / (performance.now() - began);
  };

  for (const writers of [1, 8]) {
    const figures = { audit: [], plain: [], alone: [] };
    for (const way of Object.keys(ways)) {
      await measure(ways[way], writers);
    }
    for (let round = 0; round < rounds; round += 1) {
      for (const way of Object.keys(ways)) {
        figures[way].push(await measure(ways[way], writers));
      }
    }
    const ratios = figures.audit.map(
      (value, index) => value / figures.plain[index],
    );
    console.log(
      `${writers} writer${writers > 1 ? 's' : ''}: ${Object.entries(figures)
        .map(([way, values]) => `${way} ${Math.round(median(values))}/s`)
        .join(', ')}; audit/plain ${median(ratios).toFixed(2)} (${ratios
        .map(ratio => ratio.toFixed(2))
        .join(' ')})`,
    );
  }
  await pool.end();

  const logger = {
    info() {},
    debug() {},
    warn: text => console.log(text),
    error: text => console.log(text),
    child: () => logger,
  };
  const count = async table =>
    Number((await admin.query(`select count(*) from ${table}`)).rows[0].count);
  const relay = new Relay({
    database,
    origin: 'benchmark.example.com',
    logger,
  });
  while ((await relay.relay()) > 0) {
    // what the rounds above left
  }

  // 1. what waits: the relay alone
  await admin.query(
    `insert into portico_audit.outbox (id, chain, occurred_at, draft)
     select gen_random_uuid(), 'tenant-' || ordinality % 4, now(),
            replace(draft, '"tenant-' || (ordinality - 1) % 4 || '"', '"tenant-' || ordinality % 4 || '"')::json
       from generate_series(1, $2::int / 1000), unnest($1::text[]) with ordinality as row (draft, ordinality)`,
    [drafts, chainedEntries],
  );
  const waiting = await count('portico_audit.outbox');
  let began = performance.now();
  while ((await relay.relay()) > 0) {
    // all of it
  }
  const drained = (performance.now() - began) / 1_000;
  console.log(
    `chained from the outbox: ${waiting} in ${drained.toFixed(
      1,
    )} s, ${Math.round(waiting / drained)}/s`,
  );

  // 2. from the act to the chain while 8 writers append
  const before = await count('portico_audit.entries');
  relay.start();
  began = performance.now();
  const appended = await measure(ways.audit, 8);
  while ((await count('portico_audit.outbox')) > 0) {
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  const all = (performance.now() - began) / 1_000;
  await relay.stop();
  const chained = (await count('portico_audit.entries')) - before;
  console.log(
    `end to end with 8 writers and the relay in one process: ${Math.round(
      appended,
    )}/s appended, ${Math.round(
      chained / all,
    )}/s chained (${chained} in ${all.toFixed(1)} s)`,
  );
  const unreadable = await count(
    `portico_audit.entries where act = 'audit.entry.unreadable'`,
  );
  if (unreadable > 0) {
    console.log(
      `${unreadable} acts could not be chained: the figures are wrong`,
    );
    process.exitCode = 1;
  }
  await admin.end();
});
