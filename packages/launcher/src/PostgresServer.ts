import { type ChildProcess, spawn } from 'child_process';
import { once } from 'events';
import { closeSync, existsSync, openSync } from 'fs';
import {
  chown,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from 'fs/promises';
import { createServer } from 'net';
import { basename, dirname, resolve } from 'path';
import { setTimeout as delay } from 'timers/promises';
import { Client } from 'pg';
import { errorCode } from './errorCode';
import { LauncherError } from './LauncherError';
import {
  findPostgresPrograms,
  type PostgresPrograms,
} from './postgresPrograms';
import { findPostgresUser, type PostgresUser } from './postgresUser';
import { processCommand } from './processCommand';
import { runCommand } from './runCommand';

/** Where the database is and how careful it is. */
export interface PostgresServerOptions {
  /** Made at the first start; afterwards the one and only copy of the data. */
  directory: string;
  /** Of the superuser `postgres`. */
  password: string;
  logFile: string;
  /** `false` for tests: nothing survives a crash, and everything is faster. */
  durable: boolean;
  signal?: AbortSignal;
}

/** Written by us when a data folder is complete. */
const marker = 'portico-initialised';
const superuser = 'postgres';
const startTimeoutMs = 60_000;
const stopTimeoutMs = 20_000;

/**
 * Runs PostgreSQL and stops it (SIGINT, its fast shutdown) when standard input ends.
 * That is when the launcher stops it, and also when the launcher was killed.
 */
const guard = `
exec 3<&0 </dev/null
"$@" 3<&- &
server=$!
trap : INT TERM HUP
(cat <&3 >/dev/null; kill -INT $server) 2>/dev/null &
exec 3<&-
while kill -0 $server 2>/dev/null; do wait $server; status=$?; done
exit $status
`;

/** An embedded PostgreSQL 18 that listens on loopback only. */
export class PostgresServer {
  /**
   * Starts the server of a data folder, making the folder at the first start and
   * recovering it when the last one was killed.
   *
   * @throws LauncherError when the folder is damaged or the server does not start
   */
  static async start(options: PostgresServerOptions): Promise<PostgresServer> {
    const programs = findPostgresPrograms();
    await mkdir(dirname(options.directory), { recursive: true });
    const user = await findPostgresUser(
      programs.postgres,
      dirname(options.directory),
    );
    await removeLeftovers(options.directory);
    if (!existsSync(options.directory)) {
      await initialise(options, programs, user);
    }
    if (!existsSync(resolve(options.directory, marker))) {
      throw new LauncherError(
        `The database folder ${options.directory} is incomplete (half initialised, or copied in part): restore it from a copy, or move it away to start with an empty portal.`,
      );
    }
    await stopOrphan(options.directory);
    const port = await findFreePort();
    const log = openSync(options.logFile, 'a');
    const [command, ...args] = [
      ...user.prefix,
      '/bin/sh',
      '-c',
      guard,
      'portico-postgres-guard',
      programs.postgres,
      '-D',
      options.directory,
      ...settings(port, options.durable),
    ];
    const child = spawn(command, args, {
      cwd: dirname(options.directory),
      uid: user.uid,
      gid: user.gid,
      // Ctrl-C in a terminal must not reach it before the backend has stopped.
      detached: true,
      stdio: ['pipe', log, log],
    });
    closeSync(log);
    // A guard that is gone already needs no word.
    child.stdin?.on('error', () => {});
    const server = new PostgresServer(child, options, port);
    try {
      await server.#untilReady(options.signal);
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  readonly host = '127.0.0.1';

  readonly #exited: Promise<unknown>;

  private constructor(
    private readonly child: ChildProcess,
    private readonly options: PostgresServerOptions,
    readonly port: number,
  ) {
    this.#exited = once(child, 'exit');
    // `once` rejects for a program that cannot be run; the start says so.
    this.#exited.catch(() => {});
  }

  /** Connection string of the superuser; for the migration step, never for the portal. */
  get adminConnection(): string {
    return `postgres://${superuser}:${this.options.password}@${this.host}:${this.port}/postgres`;
  }

  /** Settles when the server ended, wanted or not. */
  get exited(): Promise<unknown> {
    return this.#exited;
  }

  /** Ends the server: connections are cut, everything committed is on disk. */
  async stop(): Promise<void> {
    this.child.stdin?.end();
    const stopped = await Promise.race([
      this.#exited.then(
        () => true,
        () => true,
      ),
      delay(stopTimeoutMs, false, { ref: false }),
    ]);
    if (!stopped) {
      const pid = await readPid(this.options.directory);
      if (pid) kill(pid, 'SIGQUIT');
    }
  }

  async #untilReady(signal?: AbortSignal): Promise<void> {
    const deadline = Date.now() + startTimeoutMs;
    for (;;) {
      signal?.throwIfAborted();
      const ended =
        this.child.exitCode !== null || this.child.signalCode !== null;
      if (ended || this.child.pid === undefined || Date.now() > deadline) {
        const log = await readFile(this.options.logFile, 'utf8').catch(
          () => '',
        );
        throw new LauncherError(explain(log, this.options));
      }
      const client = new Client({
        connectionString: this.adminConnection,
        connectionTimeoutMillis: 5_000,
      });
      // The server may refuse and then hang up.
      client.on('error', () => {});
      try {
        await client.connect();
        await client.query('select 1');
        return;
      } catch (error) {
        // 28P01: it runs, but the secrets are those of another folder
        if (errorCode(error) === '28P01') {
          throw new LauncherError(
            `The database in ${this.options.directory} has another password than the file secrets.json beside it: restore that file, or move the folder away to start with an empty portal.`,
          );
        }
        await delay(50);
      } finally {
        await client.end().catch(() => {});
      }
    }
  }
}

function settings(port: number, durable: boolean): string[] {
  const values: Record<string, string> = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    // each plugin has a pool of its own
    max_connections: '300',
    shared_buffers: '128MB',
    jit: 'off',
    ...(durable
      ? {}
      : {
          fsync: 'off',
          synchronous_commit: 'off',
          full_page_writes: 'off',
          autovacuum: 'off',
        }),
  };
  return Object.entries(values).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
}

/** Made beside and renamed when complete, so that a killed start leaves no half folder. */
async function initialise(
  options: PostgresServerOptions,
  programs: PostgresPrograms,
  user: PostgresUser,
): Promise<void> {
  const parent = dirname(options.directory);
  const temporary = `${options.directory}.new-${process.pid}`;
  const passwordFile = `${options.directory}.new-${process.pid}-password`;
  await mkdir(temporary, { mode: 0o700 });
  try {
    await writeFile(passwordFile, `${options.password}\n`, { mode: 0o600 });
    await giveTo(user, temporary);
    await giveTo(user, passwordFile);
    const [command, ...args] = [
      ...user.prefix,
      programs.initdb,
      `--pgdata=${temporary}`,
      `--username=${superuser}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // the same order of texts on every machine
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      ...(options.durable ? [] : ['--no-sync']),
    ];
    await runCommand({
      purpose: 'make the database folder',
      command,
      args,
      cwd: parent,
      uid: user.uid,
      gid: user.gid,
      signal: options.signal,
    });
    await writeFile(resolve(temporary, marker), '');
    await giveTo(user, resolve(temporary, marker));
    await rename(temporary, options.directory);
  } finally {
    await rm(passwordFile, { force: true });
    await rm(temporary, { recursive: true, force: true });
  }
}

async function giveTo(user: PostgresUser, path: string): Promise<void> {
  if (user.owner) await chown(path, user.owner.uid, user.owner.gid);
}

/** What a start left that was killed while it made the folder. */
async function removeLeftovers(directory: string): Promise<void> {
  const parent = dirname(directory);
  for (const name of await readdir(parent)) {
    if (name.startsWith(`${basename(directory)}.new-`)) {
      await rm(resolve(parent, name), { recursive: true, force: true });
    }
  }
}

async function readPid(directory: string): Promise<number | undefined> {
  const text = await readFile(
    resolve(directory, 'postmaster.pid'),
    'utf8',
  ).catch(() => '');
  const pid = Number(text.split('\n')[0]);
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

/** A server that outlived its launcher still holds the folder. */
async function stopOrphan(directory: string): Promise<void> {
  const pid = await readPid(directory);
  if (!pid) return;
  const isOurs = async () => (await processCommand(pid)).includes(directory);
  if (!(await isOurs())) {
    // The id belongs to another program now, or to none.
    await rm(resolve(directory, 'postmaster.pid'), { force: true });
    return;
  }
  kill(pid, 'SIGINT');
  const deadline = Date.now() + stopTimeoutMs;
  while (await isOurs()) {
    if (Date.now() > deadline) {
      throw new LauncherError(
        `An earlier PostgreSQL (process ${pid}) still holds ${directory} and does not stop: end it with "kill -QUIT ${pid}" and start again.`,
      );
    }
    await delay(100);
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it ended by itself
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') {
    throw new Error('A TCP server has no port');
  }
  return address.port;
}

function explain(log: string, options: PostgresServerOptions): string {
  const lines = log.trim().split('\n').slice(-8);
  if (lines.some(line => line.includes('No space left on device'))) {
    return `PostgreSQL did not start because the disk with ${options.directory} is full: free some space and start again. Your data are kept.`;
  }
  return [
    `PostgreSQL did not start; its log ${options.logFile} ends with:`,
    ...lines,
  ].join('\n  ');
}
