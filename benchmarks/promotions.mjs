// How many promotions pass all their gates in a minute, with one and with two replicas, and how
// long it takes from the last vote to the pushed commit:
//   node benchmarks/promotions.mjs [--promotions 200] [--single 60] [--replicas 1,2]
//     [--port 7180] [--scratch <folder>]
// The processor time of a promotion (portal, Git and PostgreSQL) is told too: unlike the rest
// it hardly depends on what else the machine does. See benchmarks/README.md. It needs Node 24; PORTICO_BENCHMARK_POSTGRES names a PostgreSQL,
// otherwise one is started, with fsync on.
import { mkdirSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { DeliveryWorld } from './promotions/DeliveryWorld.mjs';
import { cpuSeconds } from './promotions/cpuSeconds.mjs';
import { migratePortico, startPortico } from './walls/backends.mjs';
import { percentile } from './walls/figures.mjs';
import { startPostgres, withDatabase } from './walls/postgres.mjs';

const { values } = parseArgs({
  options: {
    promotions: { type: 'string', default: '200' },
    single: { type: 'string', default: '60' },
    replicas: { type: 'string', default: '1,2' },
    port: { type: 'string', default: '7180' },
    scratch: {
      type: 'string',
      default: join(tmpdir(), 'portico-promotions-benchmark'),
    },
  },
});
const port = Number(values.port);
const count = Number(values.promotions);
const single = Number(values.single);
const folder = join(resolve(values.scratch), 'run');
const began = performance.now();
const say = text =>
  console.log(`[${((performance.now() - began) / 1000).toFixed(0)} s] ${text}`);
const spread = times =>
  `p50 ${Math.round(percentile(times, 0.5))} ms, p95 ${Math.round(
    percentile(times, 0.95),
  )} ms, max ${Math.round(Math.max(...times))} ms (n ${times.length})`;

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
const postgres = await startPostgres({ folder, port: port + 15 });
try {
  for (const replicas of values.replicas.split(',').map(Number)) {
    await measure(replicas);
  }
} finally {
  await postgres.stop();
}

async function measure(replicas) {
  const here = join(folder, String(replicas));
  mkdirSync(here, { recursive: true });
  await withDatabase(postgres, 'postgres', client =>
    client.query('drop database if exists portico with (force)'),
  );
  migratePortico({ postgres });
  const world = new DeliveryWorld({ folder: here, port, count });
  world.makeRepositories();
  const backends = [];
  try {
    for (let index = 0; index < replicas; index += 1) {
      backends.push(
        await startPortico({
          name: `portico-${index}`,
          port: port + index,
          addressPort: port,
          folder: here,
          postgres,
          limits: 'raised',
          config: world.config,
        }),
      );
    }
    await world.open(backends);
    const title = `${replicas} ${replicas === 1 ? 'replica' : 'replicas'}`;
    say(`${title}: ${count} components, load ${loadavg()[0].toFixed(2)}`);

    const automatic = await metered(() => world.announce('1.0.0'));
    say(
      `${title}: ${count} releases announced and in staging by themselves: ${perMinute(
        automatic.result,
        automatic.cpu,
      )}`,
    );
    const all = await metered(() =>
      world.promote(world.components, { atOnce: 16 }),
    );
    say(
      `${title}: ${count} promotions to production through all gates, each asked for, approved and run: ${perMinute(
        all.result.seconds,
        all.cpu,
      )}; load ${loadavg()[0].toFixed(2)}`,
    );
    say(
      `${title}: from the vote to the commit under that load: ${spread(
        await pushTimes(all.result.votes),
      )}`,
    );

    const few = world.components.slice(0, single);
    await world.announce('1.0.1', few);
    const alone = await world.promote(few, { atOnce: 1 });
    say(
      `${title}: from the vote to the commit, one after the other: ${spread(
        await pushTimes(alone.votes),
      )}; load ${loadavg()[0].toFixed(2)}`,
    );
    await assertOnce();
  } finally {
    world.close();
    await Promise.all(backends.map(backend => backend.stop()));
  }
}

/** Runs `fn`, and tells the processor time of what this program has started. */
async function metered(fn) {
  const before = cpuSeconds();
  const result = await fn();
  return { result, cpu: cpuSeconds() - before };
}

function perMinute(seconds, cpu) {
  return `${Math.round((count * 60) / seconds)} a minute (${seconds.toFixed(
    1,
  )} s; ${Math.round((cpu * 1_000) / count)} ms of processor time each)`;
}

/** Milliseconds from the sending of the last vote to the commit on its branch. */
async function pushTimes(votes) {
  return withDatabase(postgres, 'portico', async client => {
    const { rows } = await client.query(
      `select promotion, confirmed_at from portico_promotions.effects
        where step = 'commit' and state = 'confirmed' and promotion = any($1::uuid[])`,
      [[...votes.keys()]],
    );
    if (rows.length !== votes.size) {
      throw new Error(
        `${votes.size} votes, but ${rows.length} commits: the figures are wrong`,
      );
    }
    return rows.map(
      ({ promotion, confirmed_at: at }) =>
        at.getTime() - votes.get(promotion).getTime(),
    );
  });
}

/** A figure counts only when each promotion did what it is for, once. */
async function assertOnce() {
  await withDatabase(postgres, 'portico', async client => {
    const { rows } = await client.query(
      `select count(*)::int as all, count(*) filter (where phase = 'succeeded')::int as done,
              (select count(*)::int from portico_promotions.deployments) as deployments,
              (select count(distinct remote->>'id')::int
                 from portico_promotions.effects where step = 'commit') as commits
         from portico_promotions.promotions`,
    );
    const [{ all, done, deployments, commits }] = rows;
    if (all !== done || all !== deployments || all !== commits) {
      throw new Error(
        `${all} promotions, but ${done} succeeded, ${deployments} deployments and ${commits} commits: the figures are wrong`,
      );
    }
  });
}
