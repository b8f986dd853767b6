// `npm run test:kill`: a process that carries out a promotion is killed with SIGKILL at each
// labelled point, and another goes on. Each thing outside has to be there exactly once.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { TestDatabase } from '@portico/database/testUtils';
import { PostgresServer } from '@portico/launcher';
import { auditMigrations } from '@portico/plugin-audit-backend';
import { tenancyMigrations } from '@portico/plugin-tenancy-backend';
import { promotionsMigrations } from '../../migrations';
import { ForgeStandIn } from './ForgeStandIn';
import { type KillReport, KillRun, overlaysOf, pointCount } from './KillRun';
import { KillScene, type Scene, sceneSchema, TENANT } from './KillScene';
import { SyncStandIn } from './SyncStandIn';

const print = (line: string) => process.stdout.write(`${line}\n`);

function readRepeats(): number {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      repeats: { type: 'string' },
    },
  });
  const repeats = values.repeats ? Number(values.repeats) : undefined;
  if (repeats !== undefined && !(Number.isInteger(repeats) && repeats > 0)) {
    throw new Error('--repeats takes a whole number above 0');
  }
  return repeats ?? (values.quick ? 1 : 20);
}

function stopSignal(): AbortSignal {
  const stop = new AbortController();
  process.on('message', (message: { type?: string }) => {
    if (message.type === 'stop') {
      stop.abort();
    }
  });
  process.on('disconnect', () => stop.abort());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => stop.abort());
  }
  return stop.signal;
}

async function inDatabase(
  folder: string,
  repeats: number,
  signal: AbortSignal,
): Promise<KillReport> {
  const testDatabase = await TestDatabase.create({
    migrations: [tenancyMigrations, auditMigrations, promotionsMigrations],
    pluginIds: [],
  });
  const syncs = new SyncStandIn();
  const forge = new ForgeStandIn(overlaysOf(repeats));
  let heir: KillScene | undefined;
  try {
    await testDatabase.database.asPlatform('a tenant to kill in', transaction =>
      transaction.raw(
        'insert into portico_tenancy.tenants (tenant, title) values (?, ?)',
        [TENANT, 'Aurora'],
      ),
    );
    const url = new URL(testDatabase.connectionString('app'));
    const scene: Scene = sceneSchema.parse({
      connection: {
        host: url.hostname,
        port: Number(url.port || 5432),
        database: url.pathname.slice(1),
        user: decodeURIComponent(url.username),
        password: decodeURIComponent(url.password),
      },
      directory: folder,
      syncs: await syncs.start(),
      forge: await forge.start(),
    });
    heir = await KillScene.open(scene);
    return await new KillRun({ scene, heir, syncs, forge, signal }).run(
      repeats,
      print,
    );
  } finally {
    await heir?.close();
    await syncs.stop();
    await forge.stop();
    await testDatabase.destroy();
  }
}

async function withPostgres(
  repeats: number,
  signal: AbortSignal,
): Promise<KillReport> {
  const folder = await mkdtemp(join(tmpdir(), 'portico-kill-'));
  let postgres: PostgresServer | undefined;
  try {
    if (!process.env.PORTICO_TEST_POSTGRES) {
      postgres = await PostgresServer.start({
        directory: join(folder, 'postgres'),
        password: randomBytes(24).toString('base64url'),
        logFile: join(folder, 'postgres.log'),
        durable: false,
        signal,
      });
      process.env.PORTICO_TEST_POSTGRES = postgres.adminConnection;
    }
    return await inDatabase(folder, repeats, signal);
  } finally {
    await postgres?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function percentile(values: readonly number[], share: number): string {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.ceil(sorted.length * share) - 1];
  return value === undefined ? 'none' : `${(value / 1_000).toFixed(1)} s`;
}

async function main(): Promise<number> {
  const repeats = readRepeats();
  const report = await withPostgres(repeats, stopSignal());
  for (const [what, names] of [
    ['lost', report.lost],
    ['doubled', report.doubled],
    ['not killed', report.missed],
  ] as const) {
    names.forEach(name => print(`${what}: ${name}`));
  }
  const { recoveries } = report;
  print(
    `Recovery from the kill to the end: p50 ${percentile(
      recoveries,
      0.5,
    )}, p95 ${percentile(recoveries, 0.95)} (${recoveries.length} kills)`,
  );
  print(
    `${pointCount} points × ${repeats} repeats, ${report.lost.length} lost, ${report.doubled.length} doubled`,
  );
  return report.lost.length + report.doubled.length + report.missed.length > 0
    ? 1
    : 0;
}

main().then(
  code => process.exit(code),
  error => {
    process.stderr.write(`${error?.message ?? error}\n`);
    process.exit(1);
  },
);
