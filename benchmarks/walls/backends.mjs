// Starts the two sides, and signs people in.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { load } from './load.mjs';
import { portIsFree } from './postgres.mjs';

const root = resolve(import.meta.dirname, '../..');
const nodeTransform = join(
  root,
  'node_modules/@backstage/cli/config/nodeTransform.cjs',
);

/** The same on both sides. */
const common = {
  catalog: {
    processingInterval: { hours: 24 },
    orphanStrategy: 'keep',
    orphanProviderStrategy: 'keep',
  },
};
const never = {
  frequency: { hours: 24 },
  initialDelay: { hours: 24 },
  timeout: { hours: 1 },
};

/** A running backend and how to ask it. */
class Backend {
  constructor(name, port, child) {
    this.name = name;
    this.port = port;
    this.child = child;
    this.exited = once(child, 'exit');
    this.agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  }

  /** One request; the whole body is read, and the time is until its last byte. */
  ask(token, { method = 'GET', path, body, headers = {} }) {
    return new Promise((done, fail) => {
      const start = performance.now();
      const payload = body && Buffer.from(JSON.stringify(body));
      const request = http.request(
        {
          host: 'localhost',
          family: 4,
          port: this.port,
          method,
          path,
          agent: this.agent,
          timeout: 60_000,
          headers: {
            ...(token && { authorization: `Bearer ${token}` }),
            ...(payload && {
              'content-type': 'application/json',
              'content-length': payload.length,
            }),
            ...headers,
          },
        },
        response => {
          const chunks = [];
          response.on('data', chunk => chunks.push(chunk));
          response.on('end', () =>
            done({
              status: response.statusCode,
              headers: response.headers,
              ms: performance.now() - start,
              text: () => Buffer.concat(chunks).toString('utf8'),
            }),
          );
          response.on('error', fail);
        },
      );
      request.on('timeout', () =>
        request.destroy(new Error('No answer within a minute')),
      );
      request.on('error', fail);
      request.end(payload);
    });
  }

  /** As `ask`, for an answer that must be 200; its JSON. */
  async json(token, request) {
    const answer = await this.ask(token, request);
    if (answer.status !== 200) {
      throw new Error(
        `${this.name}: ${request.method ?? 'GET'} ${request.path} answered ${
          answer.status
        }: ${answer.text().slice(0, 500)}`,
      );
    }
    return JSON.parse(answer.text());
  }

  async untilReady(log) {
    for (let attempt = 0; attempt < 1200; attempt++) {
      if (this.child.exitCode !== null) {
        throw new Error(`${this.name} ended while starting; see ${log}`);
      }
      const answer = await this.ask(undefined, {
        path: '/.backstage/health/v1/readiness',
      }).catch(() => undefined);
      if (answer?.status === 200) return this;
      await delay(100);
    }
    throw new Error(
      `${this.name} was not ready within two minutes; see ${log}`,
    );
  }

  async stop() {
    this.agent.destroy();
    if (this.child.exitCode === null) {
      this.child.kill('SIGTERM');
      const timer = setTimeout(() => this.child.kill('SIGKILL'), 15_000);
      await this.exited;
      clearTimeout(timer);
    }
  }
}

async function start({ name, port, folder, args, environment }) {
  // A root of its own: collecting the configuration schema of a whole repository is no
  // part of what is measured.
  const cwd = join(folder, 'root');
  mkdirSync(cwd, { recursive: true });
  writeFileSync(
    join(cwd, 'package.json'),
    JSON.stringify({
      name: 'root',
      private: true,
      workspaces: { packages: [] },
    }),
  );
  await portIsFree(port);
  const log = join(folder, `${name}.log`);
  const out = openSync(log, 'a');
  const profile =
    process.env.BENCHMARK_PROFILE === name
      ? ['--cpu-prof', `--cpu-prof-dir=${join(folder, 'profiles')}`]
      : [];
  const child = spawn(process.execPath, [...profile, ...args], {
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
  process.once('exit', () => child.kill('SIGKILL'));
  return new Backend(name, port, child).untilReady(log);
}

/** Stock Backstage; `permissions: false` is the catalog with permissions off. */
export async function startStock({
  name,
  port,
  folder,
  postgres,
  dataSet,
  permissions,
}) {
  const groups = join(folder, 'groups.json');
  writeFileSync(
    groups,
    JSON.stringify(
      Object.fromEntries(
        dataSet.tenants.map(({ id, groups: own }) => [id, own]),
      ),
    ),
  );
  const config = join(folder, `${name}.yaml`);
  const baseUrl = `http://localhost:${port}`;
  writeFileSync(
    config,
    JSON.stringify({
      ...common,
      app: { baseUrl },
      backend: {
        baseUrl,
        listen: { host: '127.0.0.1', port },
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
      auth: { providers: { benchmark: {} } },
      permission: { enabled: permissions },
    }),
  );
  return start({
    name,
    port,
    folder,
    args: [join(import.meta.dirname, 'stockBackend.cjs'), '--config', config],
    environment: { BENCHMARK_GROUPS: groups },
  });
}

const secrets = Object.fromEntries(
  ['app', 'stock', 'migrator', 'jobs', 'backend', 'runtime'].map(name => [
    name,
    `benchmark-password-${name}`,
  ]),
);
secrets.audit = Buffer.alloc(32, 7).toString('base64');
export const porticoSecrets = secrets;

/** Makes Portico's database as its own start does. */
export function migratePortico({ postgres }) {
  const { migrationEnvironment } = load(
    '../../packages/launcher/src/portalEnvironment.ts',
  );
  execFileSync(
    process.execPath,
    ['--require', nodeTransform, 'src/migrate.ts'],
    {
      cwd: join(root, 'packages/backend'),
      stdio: 'inherit',
      env: {
        ...migrationEnvironment(secrets, postgres),
        PORTICO_DATABASE_NAME: 'portico',
      },
    },
  );
}

/**
 * The shipped backend with the shipped app-config.yaml. Only what the README lists is
 * set otherwise.
 */
export async function startPortico({
  name,
  port,
  folder,
  postgres,
  limits,
  /** Configuration above all else. */
  config: more = {},
  /** Port of the address of the portal, when this is another replica of it. */
  addressPort = port,
}) {
  const { portalEnvironment } = load(
    '../../packages/launcher/src/portalEnvironment.ts',
  );
  const data = join(folder, 'portico');
  for (const part of ['git', 'docs', 'checkpoints']) {
    mkdirSync(join(data, part), { recursive: true });
  }
  const config = join(folder, `${name}.yaml`);
  const many = { requests: 10_000_000, seconds: 20 };
  writeFileSync(
    config,
    JSON.stringify({
      ...common,
      // A package without a built app: nothing here asks for the app.
      app: { packageName: '@portico/walls' },
      gitHost: { platformRepositories: [] },
      search: {
        collators: {
          catalog: { schedule: never },
          techdocs: { schedule: never },
        },
      },
      ...(limits === 'raised' && {
        walls: { limits: { user: many, tenant: many, address: many } },
      }),
      ...more,
    }),
  );
  const options = { port: addressPort, data, demo: false, dev: false };
  return start({
    name,
    port,
    folder,
    args: [
      '--require',
      nodeTransform,
      '--require',
      join(import.meta.dirname, 'porticoPreload.cjs'),
      join(root, 'packages/backend/src/index.ts'),
      '--config',
      join(root, 'app-config.yaml'),
      '--config',
      config,
    ],
    environment: {
      ...portalEnvironment(options, secrets, postgres),
      APP_CONFIG_backend_listen_port: String(port),
    },
  });
}

const tokens = new Map();

/** A real user token of that side; the same one for the same person. */
export async function signIn(backend, userRef) {
  const key = `${backend.port} ${backend.child.pid} ${userRef}`;
  const known = tokens.get(key);
  // Tokens live an hour; what is older than half of it is renewed.
  if (known && Date.now() - known.since < 30 * 60_000) return known.token;
  const stock = backend.name.startsWith('stock');
  const answer = await backend.json(undefined, {
    path: stock ? '/api/auth/benchmark/refresh' : '/api/auth/persona/refresh',
    headers: stock
      ? { 'x-benchmark-user': userRef }
      : { 'x-portico-persona': userRef },
  });
  const token = stock ? answer.token : answer.backstageIdentity.token;
  tokens.set(key, { token, since: Date.now() });
  return token;
}
