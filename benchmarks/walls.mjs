// The walls against stock Backstage 1.55, on one PostgreSQL and the same data:
//   node benchmarks/walls.mjs [--entities 10000] [--tenants 100] [--rounds 5]
//     [--only shape,landing,policies,tax,gate,neighbour,decisions,row-security]
//     [--scratch <folder>] [--hold]
// See benchmarks/README.md. It needs Node 24 and some 3 GB of memory.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { migratePortico, startPortico, startStock } from './walls/backends.mjs';
import { makeDataSet } from './walls/dataSet.mjs';
import { decisions } from './walls/decisions.mjs';
import { Figures } from './walls/figures.mjs';
import { loadCatalog, loadPeople } from './walls/loadData.mjs';
import { gate, landing, neighbour, policies, tax } from './walls/parts.mjs';
import { startPostgres, withDatabase } from './walls/postgres.mjs';
import { copyWithoutRowSecurity, rowSecurity } from './walls/rowSecurity.mjs';
import { shape } from './walls/shape.mjs';
import { Expected } from './walls/workloads.mjs';

const parts = {
  shape,
  'row-security': rowSecurity,
  gate,
  tax,
  landing,
  policies,
  decisions,
  neighbour,
};
const { values } = parseArgs({
  options: {
    entities: { type: 'string', default: '10000' },
    tenants: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string' },
    hold: { type: 'boolean', default: false },
    scratch: {
      type: 'string',
      default: join(tmpdir(), 'portico-walls-benchmark'),
    },
  },
});
const wanted = values.only?.split(',') ?? Object.keys(parts);
const unknown = wanted.filter(part => !parts[part]);
if (unknown.length > 0) {
  console.error(
    `There is no part ${unknown.join(', ')}: choose of ${Object.keys(
      parts,
    ).join(', ')}.`,
  );
  process.exit(2);
}
const ports = { portico: 7180, stock: 7181, stockOff: 7182, replica: 7183 };
const rounds = Number(values.rounds);
const scratch = resolve(values.scratch);
const folder = join(scratch, 'run');
const began = performance.now();
const say = text =>
  console.log(`[${((performance.now() - began) / 1000).toFixed(0)} s] ${text}`);

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const figures = new Figures(
  join(
    scratch,
    `figures-${new Date().toISOString().replaceAll(':', '-').slice(0, 19)}`,
  ),
);
const running = new Set();
const keep = async starting => {
  const backend = await starting;
  running.add(backend);
  return backend;
};
const end = async backend => {
  running.delete(backend);
  await backend.stop();
};

// What was started ends with us, also on Ctrl-C.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => process.exit(130));
}
const postgres = await startPostgres({ folder, port: 54340 });
try {
  say(
    `${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${
      process.version
    }, load ${loadavg()[0].toFixed(2)}`,
  );
  const dataSet = makeDataSet({
    entities: Number(values.entities),
    tenants: Number(values.tenants),
  });
  const context = {
    folder,
    figures,
    postgres,
    dataSet,
    expected: new Expected(dataSet),
    rounds,
    small: dataSet.entities.length < 5000,
    // The round that warms up and is dropped is shorter.
    scale: (seconds, round) => (round === 0 ? seconds * 0.5 : seconds),
    startReplica: () =>
      startPortico({
        name: 'portico-replica',
        port: ports.replica,
        folder,
        postgres,
        limits: 'raised',
      }),
  };
  await setUp(context);
  if (values.hold) {
    say('both sides run until Ctrl-C, to look at them by hand');
    await new Promise(() => setInterval(() => {}, 60_000));
  }
  for (const part of Object.keys(parts).filter(name => wanted.includes(name))) {
    if (part === 'neighbour') {
      await end(context.portico);
      context.portico = await keep(
        startPortico({
          name: 'portico-limits',
          port: ports.portico,
          folder,
          postgres,
          limits: 'shipped',
        }),
      );
    }
    await assertRows(context);
    say(`part ${part}, load ${loadavg()[0].toFixed(2)}`);
    await parts[part](context);
  }
  figures.printAims();
  say(`done; every single time is in ${figures.folder}`);
} finally {
  await Promise.allSettled([...running].map(end));
  await postgres.stop();
}
process.exit();

async function setUp(context) {
  const { dataSet } = context;
  if (process.env.PORTICO_BENCHMARK_POSTGRES) {
    await withDatabase(postgres, 'postgres', async client => {
      for (const name of [
        'portico',
        'stock_auth',
        'stock_permission',
        'stock_catalog',
      ]) {
        await client.query(`drop database if exists ${name} with (force)`);
      }
    });
  }
  migratePortico({ postgres });
  // The platform's person first: otherwise development makes some of its own.
  await loadPeople({ postgres, dataSet: { tenants: [] } });
  const portico = await keep(
    startPortico({
      name: 'portico-first',
      port: ports.portico,
      folder,
      postgres,
      limits: 'raised',
    }),
  );
  const stock = await keep(
    startStock({
      name: 'stock-first',
      port: ports.stock,
      folder,
      postgres,
      dataSet,
      permissions: true,
    }),
  );
  await Promise.all([end(portico), end(stock)]);
  say('both sides have their tables');
  for (const [database, schema] of [
    ['stock_catalog', 'public'],
    ['portico', 'catalog'],
  ]) {
    await loadCatalog({
      postgres,
      database,
      schema,
      entities: dataSet.entities,
    });
  }
  await loadPeople({ postgres, dataSet });
  await copyWithoutRowSecurity(postgres);
  say(
    `loaded ${dataSet.entities.length} entities of ${dataSet.tenants.length} tenants on both sides; the largest has ${dataSet.tenants[0].size}`,
  );
  context.portico = await keep(
    startPortico({
      name: 'portico',
      port: ports.portico,
      folder,
      postgres,
      limits: 'raised',
    }),
  );
  context.stock = await keep(
    startStock({
      name: 'stock',
      port: ports.stock,
      folder,
      postgres,
      dataSet,
      permissions: true,
    }),
  );
  context.stockOff = await keep(
    startStock({
      name: 'stock-off',
      port: ports.stockOff,
      folder,
      postgres,
      dataSet,
      permissions: false,
    }),
  );
  writeFileSync(
    join(figures.folder, 'run.json'),
    JSON.stringify(
      {
        ...values,
        entities: dataSet.entities.length,
        largest: dataSet.tenants[0],
        node: process.version,
      },
      null,
      2,
    ),
  );
}

/** A backend that lost its data answers very fast. */
async function assertRows({ dataSet }) {
  const counts = [];
  for (const [database, schema] of [
    ['stock_catalog', 'public'],
    ['portico', 'catalog'],
  ]) {
    await withDatabase(postgres, database, async client => {
      const { rows } = await client.query(
        `select count(*)::int as count from ${schema}.final_entities where entity_ref <> 'user:default/pat'`,
      );
      counts.push(rows[0].count);
    });
  }
  if (counts.some(count => count !== dataSet.entities.length)) {
    throw new Error(
      `The catalogs hold ${counts.join(' and ')} entities instead of ${
        dataSet.entities.length
      }.`,
    );
  }
}
