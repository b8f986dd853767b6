// One PostgreSQL for both sides, with fsync on. PORTICO_BENCHMARK_POSTGRES names one
// (a superuser's address); otherwise the embedded one is started in the scratch folder.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { load } from './load.mjs';

const { Client } = load('pg');

export async function startPostgres({ folder, port }) {
  const given = process.env.PORTICO_BENCHMARK_POSTGRES;
  if (given) {
    return { ...describe(given), stop: async () => {} };
  }
  const { findPostgresPrograms } = load(
    '../../packages/launcher/src/postgresPrograms.ts',
  );
  const { findPostgresUser } = load(
    '../../packages/launcher/src/postgresUser.ts',
  );
  await portIsFree(port);
  const programs = findPostgresPrograms();
  const data = join(folder, 'postgres');
  mkdirSync(folder, { recursive: true });
  const user = await findPostgresUser(programs.postgres, folder);
  const as = { uid: user.uid, gid: user.gid, cwd: folder };
  if (!existsSync(join(data, 'PG_VERSION'))) {
    mkdirSync(data, { mode: 0o700 });
    if (user.owner) chownSync(data, user.owner.uid, user.owner.gid);
    const [command, ...args] = [
      ...user.prefix,
      programs.initdb,
      `--pgdata=${data}`,
      '--username=postgres',
      '--auth=trust',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
    ];
    execFileSync(command, args, { ...as, stdio: 'ignore' });
  }
  const settings = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '300',
    shared_buffers: '1GB',
    jit: 'off',
  };
  const log = openSync(join(folder, 'postgres.log'), 'a');
  const [command, ...args] = [
    ...user.prefix,
    programs.postgres,
    '-D',
    data,
    ...Object.entries(settings).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ]),
  ];
  const child = spawn(command, args, { ...as, stdio: ['ignore', log, log] });
  const exited = once(child, 'exit');
  process.once('exit', () => child.kill('SIGINT'));
  const address = `postgres://postgres:postgres@127.0.0.1:${port}/postgres`;
  await untilAnswers(address, child);
  return {
    ...describe(address),
    async stop() {
      child.kill('SIGINT');
      await exited;
    },
  };
}

/** What an earlier run left on a port would be taken for ours. */
export async function portIsFree(port) {
  const server = createServer();
  await new Promise((done, fail) => {
    server.once('error', () =>
      fail(new Error(`Port ${port} is taken: end what listens on it.`)),
    );
    server.listen(port, '127.0.0.1', done);
  });
  await new Promise(done => server.close(done));
}

function describe(address) {
  const { hostname, port, username, password } = new URL(address);
  return {
    adminConnection: address,
    host: hostname,
    port: Number(port || 5432),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
  };
}

async function untilAnswers(address, child) {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (child.exitCode !== null) break;
    const client = new Client({ connectionString: address });
    client.on('error', () => {});
    try {
      await client.connect();
      return;
    } catch {
      await delay(100);
    } finally {
      await client.end().catch(() => {});
    }
  }
  throw new Error(
    'PostgreSQL did not start; see postgres.log in the scratch folder.',
  );
}

/** Runs `use` with a superuser's connection to one database. */
export async function withDatabase(postgres, database, use) {
  const url = new URL(postgres.adminConnection);
  url.pathname = `/${database}`;
  const client = new Client({ connectionString: url.toString() });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
