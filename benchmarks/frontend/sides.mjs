// Starts both apps with their backends on one PostgreSQL and fills both catalogs with the
// same entities of one tenant.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { migratePortico, porticoSecrets } from '../walls/backends.mjs';
import { load } from '../walls/load.mjs';
import { loadCatalog, loadPeople } from '../walls/loadData.mjs';
import { portIsFree, withDatabase } from '../walls/postgres.mjs';

const root = resolve(import.meta.dirname, '../..');
const nodeTransform = join(
  root,
  'node_modules/@backstage/cli/config/nodeTransform.cjs',
);
const never = {
  frequency: { hours: 24 },
  initialDelay: { hours: 24 },
  timeout: { hours: 1 },
};
/** The same on both sides: nothing works in the background while a page is measured. */
const common = {
  catalog: {
    locations: [],
    processingInterval: { hours: 24 },
    orphanStrategy: 'keep',
    orphanProviderStrategy: 'keep',
  },
  search: {
    collators: {
      catalog: { schedule: never },
      techdocs: { schedule: never },
    },
  },
};

/**
 * Starts a side, loads the entities into the tables that it made, and starts it again.
 *
 * @returns its address and how to stop it
 */
export async function startPorticoApp(context) {
  const { postgres, dataSet, port, folder } = context;
  if (!existsSync(join(root, 'packages/app/dist/index.html'))) {
    execFileSync(
      process.execPath,
      [
        join(root, 'node_modules/@backstage/cli/bin/backstage-cli'),
        'package',
        'build',
      ],
      { cwd: join(root, 'packages/app'), stdio: 'inherit' },
    );
  }
  const data = join(folder, 'portico');
  for (const part of ['git', 'docs', 'checkpoints']) {
    mkdirSync(join(data, part), { recursive: true });
  }
  const config = join(folder, 'portico.yaml');
  writeFileSync(
    config,
    JSON.stringify({ ...common, gitHost: { platformRepositories: [] } }),
  );
  const { portalEnvironment } = load(
    '../../packages/launcher/src/portalEnvironment.ts',
  );
  const start = () =>
    startBackend({
      name: 'portico',
      port,
      folder,
      cwd: root,
      args: [
        '--require',
        nodeTransform,
        join(root, 'packages/backend/src/index.ts'),
        '--config',
        join(root, 'app-config.yaml'),
        '--config',
        config,
      ],
      environment: portalEnvironment(
        { port, data, demo: false, dev: false },
        porticoSecrets,
        postgres,
      ),
    });
  migratePortico({ postgres });
  // The platform's person first: otherwise development makes some of its own.
  await loadPeople({ postgres, dataSet: { tenants: [] } });
  await (await start()).stop();
  await loadCatalog({
    postgres,
    database: 'portico',
    schema: 'catalog',
    entities: dataSet.entities,
  });
  await loadPeople({ postgres, dataSet });
  return start();
}

/** As `startPorticoApp`, for the generated app. */
export async function startStockApp(context) {
  const { postgres, dataSet, port, folder, app } = context;
  const baseUrl = `http://localhost:${port}`;
  const config = join(folder, 'stock.yaml');
  writeFileSync(
    config,
    JSON.stringify({
      ...common,
      app: { baseUrl },
      backend: {
        baseUrl,
        listen: { host: '127.0.0.1', port },
        cors: { origin: baseUrl },
        auth: { keys: [{ secret: 'benchmark' }] },
        database: {
          client: 'pg',
          prefix: 'stock_',
          connection: {
            host: postgres.host,
            port: postgres.port,
            user: postgres.user,
            password: postgres.password,
          },
        },
      },
      auth: {
        providers: { guest: { dangerouslyAllowOutsideDevelopment: true } },
      },
    }),
  );
  const start = () =>
    startBackend({
      name: 'stock',
      port,
      folder,
      cwd: join(app, 'packages', 'backend'),
      args: [
        '--require',
        '@backstage/cli/config/nodeTransform.cjs',
        'src/index.ts',
        '--config',
        '../../app-config.yaml',
        '--config',
        config,
      ],
      environment: {},
    });
  await (await start()).stop();
  await loadCatalog({
    postgres,
    database: 'stock_catalog',
    schema: 'public',
    entities: dataSet.entities,
  });
  return start();
}

/** What an earlier run left in a PostgreSQL that was given. */
export async function dropDatabases(postgres) {
  await withDatabase(postgres, 'postgres', async client => {
    const { rows } = await client.query(
      `select datname from pg_database where datname = 'portico' or datname like 'stock\\_%'`,
    );
    for (const { datname } of rows) {
      await client.query(`drop database "${datname}" with (force)`);
    }
  });
}

async function startBackend({ name, port, folder, cwd, args, environment }) {
  await portIsFree(port);
  const log = join(folder, `${name}.log`);
  const out = openSync(log, 'a');
  const child = spawn(process.execPath, args, {
    cwd,
    stdio: ['ignore', out, out],
    env: {
      ...process.env,
      ...environment,
      // As in production, but for what is refused there: http, personas and these passwords
      NODE_ENV: 'benchmark',
      LOG_LEVEL: 'warn',
    },
  });
  const exited = once(child, 'exit');
  process.once('exit', () => child.kill('SIGKILL'));
  const address = `http://localhost:${port}`;
  for (let attempt = 0; ; attempt++) {
    if (child.exitCode !== null) {
      throw new Error(`${name} ended while starting; see ${log}`);
    }
    const answer = await fetch(
      `${address}/.backstage/health/v1/readiness`,
    ).catch(() => undefined);
    if (answer?.ok) break;
    if (attempt === 1800) {
      throw new Error(`${name} was not ready within three minutes; see ${log}`);
    }
    await delay(100);
  }
  return {
    name,
    address,
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
      await exited;
      clearTimeout(timer);
    },
  };
}
