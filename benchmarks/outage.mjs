// What becomes of writes while PostgreSQL is away: once restarted at once, once for a minute.
//   node benchmarks/outage.mjs [--away 60] [--writers 8] [--replicas 2] [--port 7180]
//     [--scratch <folder>]
// Writers make groups of a tenant through all replicas, and each that is acknowledged has to be
// there at the end, with its audit entry, once. See benchmarks/README.md. It needs Node 24, and
// starts a PostgreSQL of its own, with fsync on.
import { mkdirSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { migratePortico, signIn, startPortico } from './walls/backends.mjs';
import { startPostgres, withDatabase } from './walls/postgres.mjs';

const { values } = parseArgs({
  options: {
    away: { type: 'string', default: '60' },
    writers: { type: 'string', default: '8' },
    replicas: { type: 'string', default: '2' },
    port: { type: 'string', default: '7180' },
    scratch: {
      type: 'string',
      default: join(tmpdir(), 'portico-outage-benchmark'),
    },
  },
});
if (process.env.PORTICO_BENCHMARK_POSTGRES) {
  throw new Error(
    'PORTICO_BENCHMARK_POSTGRES is set, but this benchmark stops its PostgreSQL: unset it',
  );
}

const TENANT = 'aurora';
const CALM_MILLISECONDS = 10_000;
const LONGEST_RECOVERY_MILLISECONDS = 3 * 60_000;
const PAUSE_MILLISECONDS = 50;

const port = Number(values.port);
const folder = join(resolve(values.scratch), 'run');
const began = performance.now();
const say = text =>
  console.log(`[${((performance.now() - began) / 1000).toFixed(0)} s] ${text}`);

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => process.exit(130));
}
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
say(
  `${cpus().length} cores, Node ${process.version}, load ${loadavg()[0].toFixed(
    2,
  )}`,
);

let postgres = await startPostgres({ folder, port: port + 15 });
const backends = [];
let stopped = false;
try {
  await withDatabase(postgres, 'postgres', client =>
    client.query('drop database if exists portico with (force)'),
  );
  migratePortico({ postgres });
  for (let index = 0; index < Number(values.replicas); index += 1) {
    backends.push(
      await startPortico({
        name: `portico-${index}`,
        port: port + index,
        addressPort: port,
        folder,
        postgres,
        limits: 'raised',
      }),
    );
  }
  const token = await signIn(backends[0], 'user:default/pat');
  await ask(backends[0], token, 'POST', '', { id: TENANT, title: 'Aurora' });

  const writes = [];
  const writers = Array.from({ length: Number(values.writers) }, (_, writer) =>
    keepWriting(writer, token, writes),
  );
  await delay(CALM_MILLISECONDS);
  await outage('restarted at once', 0, writes);
  await delay(CALM_MILLISECONDS);
  await outage(`away for ${values.away} s`, Number(values.away), writes);
  await delay(CALM_MILLISECONDS);
  stopped = true;
  await Promise.all(writers);
  await judge(writes);
} finally {
  stopped = true;
  await Promise.all(backends.map(backend => backend.stop()));
  await postgres.stop();
}

/** One write after the other, each of another group, through one replica. */
async function keepWriting(writer, token, writes) {
  const replica = writer % backends.length;
  for (let turn = 0; !stopped; turn += 1) {
    const name = `group-${writer}-${turn}`;
    const write = { name, replica, from: performance.now() };
    writes.push(write);
    try {
      await ask(backends[replica], token, 'PUT', `/${TENANT}/groups/${name}`, {
        displayName: name,
      });
      write.state = 'acknowledged';
    } catch (error) {
      write.state = 'failed';
      write.reason = error.message;
    }
    write.to = performance.now();
    await delay(PAUSE_MILLISECONDS);
  }
}

/** Stops PostgreSQL, starts it again, and waits until each replica acknowledges a write. */
async function outage(title, secondsAway, writes) {
  const stoppedAt = performance.now();
  await postgres.stop();
  await delay(secondsAway * 1_000);
  postgres = await startPostgres({ folder, port: port + 15 });
  const backAt = performance.now();
  const recovered = await Promise.all(
    backends.map(async (_, replica) => {
      while (performance.now() - backAt < LONGEST_RECOVERY_MILLISECONDS) {
        const first = writes.find(
          write =>
            write.replica === replica &&
            write.state === 'acknowledged' &&
            write.to > backAt,
        );
        if (first) {
          return first.to - backAt;
        }
        await delay(20);
      }
      throw new Error(`Replica ${replica} did not recover within 3 minutes`);
    }),
  );
  const failed = writes.filter(
    ({ state, to }) => state === 'failed' && to > stoppedAt,
  );
  const longest = Math.max(0, ...failed.map(({ from, to }) => to - from));
  say(
    `PostgreSQL ${title} (${((backAt - stoppedAt) / 1000).toFixed(
      1,
    )} s): each replica acknowledges writes again after ${recovered
      .map(time => `${Math.round(time)} ms`)
      .join(', ')}; ${
      failed.length
    } writes failed, the slowest after ${Math.round(
      longest,
    )} ms; load ${loadavg()[0].toFixed(2)}`,
  );
}

/** Each acknowledged write is there once, with its entry in the audit. */
async function judge(writes) {
  const acknowledged = writes.filter(({ state }) => state === 'acknowledged');
  const { groups, entries, waiting } = await withDatabase(
    postgres,
    'portico',
    async client => {
      const end = performance.now() + LONGEST_RECOVERY_MILLISECONDS;
      const count = async () =>
        Number(
          (await client.query('select count(*) from portico_audit.outbox'))
            .rows[0].count,
        );
      let waits = await count();
      while (waits > 0 && performance.now() < end) {
        await delay(100);
        waits = await count();
      }
      const made = await client.query(
        `select name from portico_tenancy.groups where tenant = $1`,
        [TENANT],
      );
      const chained = await client.query(
        `select subject from portico_audit.entries
          where chain = $1 and act = 'tenancy.group.add'`,
        [TENANT],
      );
      return {
        groups: made.rows.map(({ name }) => name),
        entries: chained.rows.map(({ subject }) => subject.split('/').pop()),
        waiting: waits,
      };
    },
  );
  const there = new Set(groups);
  const lost = acknowledged.filter(({ name }) => !there.has(name)).length;
  const unrecorded = groups.filter(name => !entries.includes(name)).length;
  const doubled = entries.length - new Set(entries).size;
  const reasons = new Map();
  for (const { reason } of writes.filter(({ state }) => state === 'failed')) {
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  for (const [reason, times] of reasons) {
    say(`${times} × ${reason}`);
  }
  say(
    `${acknowledged.length} acknowledged writes, ${lost} lost, ${unrecorded} without an audit entry, ${doubled} entries doubled, ${waiting} entries unchained`,
  );
  if (lost + unrecorded + doubled + waiting > 0) {
    process.exitCode = 1;
  }
}

async function ask(backend, token, method, path, body) {
  const answer = await backend.ask(token, {
    method,
    path: `/api/tenancy/tenants${path}`,
    body,
    headers: { connection: 'close' },
  });
  if (answer.status >= 300) {
    const { message } = JSON.parse(answer.text()).error ?? {};
    // the id of a log line is another one each time
    throw new Error(`${answer.status} ${message?.replace(/ logId=\w+/, '')}`);
  }
}
