// How long do a backup and its restore take, with many entities of many tenants?
//   node benchmarks/restore.mjs [--entities 50000] [--tenants 100] [--rounds 3]
//     [--scratch <folder>]
// It needs pg_dump and pg_restore of PostgreSQL 18, on the PATH or in the folder that
// PORTICO_POSTGRES_PROGRAMS names, and no portal.
import { mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeDataSet } from './walls/dataSet.mjs';
import { loadCatalog, loadPeople } from './walls/loadData.mjs';
import { startPostgres, withDatabase } from './walls/postgres.mjs';

const require = createRequire(import.meta.url);
require('@backstage/cli/config/nodeTransform.cjs');
const {
  createBackup,
  openBackupStore,
  restoreBackup,
} = require('../packages/backup/src');
const { makeEmptyDatabase } = require('../packages/database/src');
const {
  prepareDatabase,
  readPreparation,
} = require('../packages/backend/src/prepareDatabase');

const { values } = parseArgs({
  options: {
    entities: { type: 'string', default: '50000' },
    tenants: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '3' },
    scratch: {
      type: 'string',
      default: join(tmpdir(), 'portico-restore-benchmark'),
    },
  },
});
const password = 'of-the-benchmark';
const programs = process.env.PORTICO_POSTGRES_PROGRAMS;
const folder = values.scratch;
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const postgres = await startPostgres({ folder, port: 54361 });
try {
  const admin = withPath(postgres, 'postgres');
  const preparation = readPreparation(
    {
      PORTICO_DATABASE_ADMIN_URL: admin,
      PORTICO_DATABASE_NAME: 'portico',
      PORTICO_APP_PASSWORD: password,
      PORTICO_STOCK_PASSWORD: password,
      PORTICO_MIGRATOR_PASSWORD: password,
      PORTICO_JOBS_PASSWORD: password,
      PORTICO_BACKUP_PASSWORD: password,
    },
    { serving: true },
  );
  await timed('prepare an empty database', () => prepareDatabase(preparation));
  const dataSet = makeDataSet({
    entities: Number(values.entities),
    tenants: Number(values.tenants),
  });
  await timed(`load ${dataSet.entities.length} entities`, async () => {
    await loadCatalog({
      postgres,
      database: 'portico',
      schema: 'catalog',
      entities: dataSet.entities,
    });
    await loadPeople({ postgres, dataSet });
  });
  const backup = new URL(withPath(postgres, 'portico'));
  backup.username = 'portico_backup';
  backup.password = password;
  const store = openBackupStore(join(folder, 'backups'));
  for (let round = 1; round <= Number(values.rounds); round += 1) {
    await timed(`backup ${round}`, async () => {
      const { manifest } = await createBackup({
        connection: backup.toString(),
        store,
        version: 'benchmark',
        programs,
      });
      const rows = Object.values(manifest.tables).reduce((a, b) => a + b, 0);
      return `${(manifest.files[0].bytes / 1e6).toFixed(1)} MB, ${rows} rows`;
    });
    const database = `restored_${round}`;
    await timed(`restore ${round}`, async () => {
      const target = { ...preparation, database };
      await makeEmptyDatabase(admin, target);
      await restoreBackup({
        store,
        connection: withPath(postgres, database),
        knownMigrations: await migrationsOf('portico'),
        programs,
      });
      await prepareDatabase(target);
    });
  }
} finally {
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function timed(name, work) {
  const started = performance.now();
  const found = await work();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    `${name}: ${seconds} s${
      found ? `; ${found}` : ''
    } (load ${loadavg()[0].toFixed(1)} on ${cpus().length} processors)`,
  );
}

/** All that ran in a database, so that none is unknown. */
async function migrationsOf(database) {
  return withDatabase(postgres, database, async client => {
    const { rows: tables } = await client.query(
      `select format('%I.%I', schemaname, tablename) as name
         from pg_tables where tablename like '%knex_migrations'`,
    );
    const known = new Set();
    for (const { name } of tables) {
      const { rows } = await client.query(`select name from ${name}`);
      rows.forEach(row => known.add(row.name));
    }
    return known;
  });
}

function withPath({ adminConnection }, database) {
  const url = new URL(adminConnection);
  url.pathname = `/${database}`;
  return url.toString();
}
