import assert from 'node:assert/strict';
import { chown, copyFile, mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { type Checks } from './Checks';
import { checkContents } from './checkContents';
import { ImageRun } from './ImageRun';
import { type ImageConfig, type ImageStore } from './ImageStore';
import { portalEnvironment } from './portalEnvironment';
import { startTlsPostgres } from './startTlsPostgres';

const USER = 65532;
const READY_MS = 300_000;

/** Runs the image as production does, and looks at what it does. */
export async function smokeTest(options: {
  store: ImageStore;
  /** An empty folder. */
  folder: string;
  checks: Checks;
}): Promise<void> {
  const { store, folder, checks } = options;
  const config = await store.inspect();
  const { root, container } = await store.mount();
  const { server, certificate } = await startTlsPostgres(folder);
  const runs: ImageRun[] = [];
  try {
    const volumes = await makeVolumes(folder, certificate);
    const start = (args: readonly string[], environment = {}) => {
      const run = new ImageRun({ root, config, args, environment, volumes });
      runs.push(run);
      return run;
    };
    await checkContents({ root, config, checks, start });

    const port = await freePort();
    const environment = portalEnvironment({
      port,
      metricsPort: await freePort(),
      databasePort: server.port,
      certificate: '/var/lib/portico/docs/database.crt',
      adminConnection: server.adminConnection,
    });
    const ends = async (
      args: readonly string[],
      given: Record<string, string>,
    ) => {
      const started = Date.now();
      const run = start(args, given);
      assert.equal(await run.exited, 0, run.output.slice(-2_000));
      const said = run.output.trim().split('\n').at(-1);
      return `${seconds(started)}${said ? `; ${said}` : ''}`;
    };
    await checks.check('it can write nowhere but in its volumes', async () => {
      const write = (path: string) =>
        new ImageRun({
          root,
          config,
          entrypoint: ['node', '-e'],
          args: [`require('fs').writeFileSync('${path}/probe', '')`],
          volumes,
        });
      for (const path of ['/app', '/app/packages/app/dist/static', '/etc']) {
        const run = write(path);
        assert.notEqual(await run.exited, 0, path);
        assert.match(run.output, /EROFS|EACCES/);
      }
      for (const path of ['/tmp', '/var/lib/portico/backup']) {
        assert.equal(await write(path).exited, 0, path);
      }
    });
    await checks.check('migrate prepares an empty database', () =>
      ends(['migrate'], environment.preparing),
    );
    await checks.check('migrate can run again', () =>
      ends(['migrate'], environment.preparing),
    );
    await checkServing({
      checks,
      config,
      start: () => start(['serve'], environment.serving),
      health: () =>
        new ImageRun({
          root,
          config,
          entrypoint: ['node', '/app/entry/health.mjs'],
          args: [],
          environment: environment.serving,
          volumes,
        }),
      port,
      adminConnection: server.adminConnection,
    });
    const backups = '/var/lib/portico/backup';
    await checks.check('backup writes database and repositories', () =>
      ends(
        [
          ...['backup', '--to', backups, '--keep', '3'],
          ...['--repositories', '/var/lib/portico/git'],
        ],
        environment.backup,
      ),
    );
    await checks.check('restore makes a new database of it', () =>
      ends(['restore', '--from', backups], {
        ...environment.preparing,
        PORTICO_DATABASE_NAME: 'restored',
      }),
    );
    await checks.check(
      'restore refuses a database with something in it',
      async () => {
        const run = start(
          ['restore', '--from', backups],
          environment.preparing,
        );
        assert.equal(await run.exited, 1);
        assert.match(run.output, /The database is not empty/);
      },
    );
  } finally {
    await Promise.all(runs.map(run => run.kill()));
    await server.stop();
    await store.unmount(container);
  }
}

async function checkServing(options: {
  checks: Checks;
  config: ImageConfig;
  start: () => ImageRun;
  health: () => ImageRun;
  port: number;
  adminConnection: string;
}): Promise<void> {
  const { checks, port } = options;
  const url = `http://127.0.0.1:${port}`;
  const started = Date.now();
  const portal = options.start();
  await checks.check('serve gets ready', async () => {
    const ready = `${url}/.backstage/health/v1/readiness`;
    while (!(await answers(ready))) {
      assert(!portal.ended, portal.output.slice(-4_000));
      assert(Date.now() - started < READY_MS, portal.output.slice(-4_000));
      await pause(100);
    }
    return seconds(started);
  });
  await checks.check('it is process 1, as the user 65532', async () => {
    const status = await readFile(`/proc/${await portal.pid()}/status`, 'utf8');
    assert.match(status, new RegExp(`^Uid:\\s+${USER}\\s+${USER}`, 'm'));
    assert.match(status, /^NSpid:\s+\d+\s+1$/m);
    return `resident memory ${memory(status)}`;
  });
  await checks.check(
    'the sign-in page comes with the configuration',
    async () => {
      const page = await (await fetch(url)).text();
      assert.match(page, /type="backstage.io\/config"/);
      assert.match(page, /https:\/\/portal\.example\.com/);
      const script = /src="([^"]*\/static\/main[^"]*\.js)"/.exec(page)?.[1];
      assert(script, 'the page has no script');
      const answer = await fetch(new URL(new URL(script, url).pathname, url));
      assert.equal(answer.status, 200);
    },
  );
  await checks.check('nobody gets in without a session', async () => {
    const answer = await fetch(`${url}/api/catalog/entities`);
    assert.equal(answer.status, 401);
  });
  await checks.check('the health check of the image is content', async () => {
    const run = options.health();
    assert.equal(await run.exited, 0, run.output);
  });
  await checks.check('it talks TLS, with logins that make no table', () =>
    lookAtLogins(options.adminConnection),
  );
  await checks.check(
    'SIGTERM ends it with 0, and no error is in its log',
    async () => {
      const asked = Date.now();
      await portal.signal('SIGTERM');
      assert.equal(await portal.exited, 0, portal.output.slice(-2_000));
      const errors = portal.output
        .split('\n')
        .filter(line => / error /.test(line) || /"level":"error"/.test(line))
        // the test's identity provider and Git host are not there
        .filter(line => !line.includes('example.invalid'));
      assert.deepEqual(errors, []);
      return seconds(asked);
    },
  );
}

async function lookAtLogins(adminConnection: string): Promise<string> {
  const url = new URL(adminConnection);
  url.searchParams.set('sslmode', 'no-verify');
  const client = new Client({ connectionString: url.toString() });
  await client.connect();
  try {
    const { rows } = await client.query<{ login: string; plain: number }>(
      `select usename as login, (count(*) filter (where not s.ssl))::int as plain
         from pg_stat_activity a join pg_stat_ssl s using (pid)
        where usename like 'portico%' group by 1 order by 1`,
    );
    assert.deepEqual(rows, [
      { login: 'portico_app_serving', plain: 0 },
      { login: 'portico_jobs', plain: 0 },
      { login: 'portico_stock_serving', plain: 0 },
    ]);
    return rows.map(row => row.login).join(', ');
  } finally {
    await client.end();
  }
}

async function makeVolumes(folder: string, certificate: string) {
  const volumes: Record<string, string> = {};
  for (const name of ['git', 'docs', 'backup']) {
    const path = join(folder, name);
    await mkdir(path);
    await chown(path, USER, USER);
    volumes[`/var/lib/portico/${name}`] = path;
  }
  await copyFile(certificate, join(folder, 'docs/database.crt'));
  return volumes;
}

async function answers(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(10_000) }).then(
    answer => answer.ok,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise(done => server.close(done));
  assert(address !== null && typeof address === 'object');
  return address.port;
}

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}

function memory(status: string): string {
  const kilobytes = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]);
  return `${Math.round(kilobytes / 1024)} MiB`;
}
