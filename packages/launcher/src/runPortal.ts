import { type PorticoDatabaseConnection, roles } from '@portico/database';
import { mkdir, rename } from 'fs/promises';
import { resolve } from 'path';
import { buildApp } from './buildApp';
import { LauncherError } from './LauncherError';
import { LocalRuntimeProcess } from './LocalRuntimeProcess';
import {
  backendPreload,
  compileCache,
  nodeTransform,
  repositoryRoot,
} from './paths';
import {
  migrationEnvironment,
  portalAddress,
  portalEnvironment,
} from './portalEnvironment';
import { PostgresServer } from './PostgresServer';
import { asStep, type Progress } from './Progress';
import { readSecrets, type Secrets } from './readSecrets';
import { runCommand } from './runCommand';
import { ServiceProcess } from './ServiceProcess';
import { startDocsBuilder } from './startDocsBuilder';
import { type StartOptions } from './StartOptions';
import { waitForPortal } from './waitForPortal';

/** What a running portal needs of whoever started it. */
export interface PortalHost extends Progress {
  /** Frees the portal's port, where a progress page is shown. */
  releasePort(): Promise<void>;
  /** Notes a process that belongs to this portal. */
  part(pid: number): void;
  /** Aborts when the portal is to stop. */
  readonly signal: AbortSignal;
}

/** A portal that answers. */
export interface RunningPortal {
  address: string;
  /** How its own plugins reach the database. */
  database: PorticoDatabaseConnection;
}

/**
 * Runs the whole portal until `host.signal` aborts: builds what changed, starts
 * PostgreSQL, prepares the database, starts the backend.
 *
 * @param whenReady - runs when the portal answers
 * @throws LauncherError when a part cannot be started or ends by itself
 */
export async function runPortal(
  options: StartOptions,
  host: PortalHost,
  whenReady: (portal: RunningPortal) => Promise<void>,
): Promise<void> {
  const logs = resolve(options.data, 'logs');
  for (const name of ['logs', 'git', 'docs']) {
    await mkdir(resolve(options.data, name), { recursive: true });
  }
  const secrets = await readSecrets(resolve(options.data, 'secrets.json'));
  let postgres: PostgresServer | undefined;
  const services: ServiceProcess[] = [];
  let docsBuilder: ServiceProcess | undefined;
  let localRuntime: LocalRuntimeProcess | undefined;
  try {
    // The first failure ends the other part, so that its sentence comes at once.
    const failure = new AbortController();
    const signal = AbortSignal.any([host.signal, failure.signal]);
    const orAbort = async <T>(part: Promise<T>): Promise<T> =>
      part.catch(error => {
        failure.abort(error);
        throw error;
      });
    const build = options.dev
      ? Promise.resolve()
      : asStep(host, 'build', async () => {
          await buildApp({
            onLine: line => host.log(line),
            signal,
          });
        });
    const database = (async () => {
      const server = await asStep(host, 'database', () =>
        PostgresServer.start({
          directory: resolve(options.data, 'postgres'),
          password: secrets.postgres,
          logFile: resolve(logs, 'postgres.log'),
          durable: true,
          signal,
        }),
      );
      postgres = server;
      await asStep(host, 'migrate', () =>
        prepareDatabase(secrets, server, host, signal),
      );
      return server;
    })();
    // Both are waited for, so that nothing still runs when one has failed.
    const [built, prepared] = await Promise.allSettled([
      orAbort(build),
      orAbort(database),
    ]);
    if (failure.signal.aborted) throw failure.signal.reason;
    if (built.status === 'rejected') throw built.reason;
    if (prepared.status === 'rejected') throw prepared.reason;
    host.signal.throwIfAborted();

    host.step('backend', 'running');
    services.push(
      ...(await startServices(options, host, secrets, prepared.value, logs)),
    );
    localRuntime = new LocalRuntimeProcess(options, secrets, host);
    const ended = Promise.race([
      ...services.map(service => whenEnded(service, logs)),
      prepared.value.exited.then(
        () => `PostgreSQL ended; its log is ${resolve(logs, 'postgres.log')}.`,
      ),
    ]).then(message => {
      if (!host.signal.aborted) throw new LauncherError(message);
    });
    // Also rejects when this function stops the parts because of another failure.
    ended.catch(() => {});
    await Promise.race([
      ended,
      waitForPortal(`http://localhost:${options.port}`, host.signal),
    ]);
    host.step('backend', 'done');
    docsBuilder = await startDocsBuilder(options, logs);
    if (docsBuilder.child.pid) host.part(docsBuilder.child.pid);
    const running: RunningPortal = {
      address: portalAddress(options),
      database: {
        host: prepared.value.host,
        port: prepared.value.port,
        database: 'portico',
        user: roles.app,
        password: secrets.app,
      },
    };
    await Promise.race([ended, whenReady(running)]);
    await Promise.race([ended, untilAborted(host.signal)]);
  } finally {
    await Promise.all(
      [...services, docsBuilder, localRuntime].map(service => service?.stop()),
    );
    await postgres?.stop();
  }
}

async function prepareDatabase(
  secrets: Secrets,
  postgres: PostgresServer,
  host: PortalHost,
  signal: AbortSignal,
): Promise<void> {
  await runCommand({
    purpose: 'prepare the database',
    command: process.execPath,
    args: ['--require', nodeTransform, 'src/migrate.ts'],
    cwd: resolve(repositoryRoot, 'packages/backend'),
    environment: migrationEnvironment(secrets, postgres),
    signal,
    onLine: line => host.log(line),
  });
}

async function startServices(
  options: StartOptions,
  host: PortalHost,
  secrets: Secrets,
  postgres: PostgresServer,
  logs: string,
): Promise<ServiceProcess[]> {
  const environment = {
    ...portalEnvironment(options, secrets, postgres),
    // What V8 made of the sources once it need not make at each start.
    NODE_COMPILE_CACHE: compileCache,
  };
  const start = async (name: string, folder: string, args: string[]) => {
    const logFile = resolve(logs, `${name}.log`);
    // the log of the run before is kept beside
    await rename(logFile, `${logFile}.1`).catch(() => {});
    const service = new ServiceProcess({
      command: process.execPath,
      args,
      cwd: resolve(repositoryRoot, 'packages', folder),
      environment,
      logFile,
      onLine: options.dev ? line => host.print(line) : line => host.log(line),
    });
    if (service.child.pid) host.part(service.child.pid);
    return service;
  };
  if (options.dev) {
    await host.releasePort();
    const cli = resolve(
      repositoryRoot,
      'node_modules/@backstage/cli/bin/backstage-cli',
    );
    return [
      await start('backend', 'backend', [cli, 'package', 'start']),
      await start('app', 'app', [cli, 'package', 'start']),
    ];
  }
  const backend = await start('backend', 'backend', [
    '--require',
    nodeTransform,
    '--require',
    backendPreload,
    'src/index.ts',
  ]);
  backend.child.on('message', (message: { type?: string }) => {
    if (message.type !== 'release') return;
    host.releasePort().then(
      () => backend.child.send({ type: 'released' }),
      // the launcher is gone, and this process ends as well
      () => {},
    );
  });
  return [backend];
}

async function whenEnded(
  service: ServiceProcess,
  logs: string,
): Promise<string> {
  const how = await service.exited;
  const reason = service.tail.find(line => /^\s*\w*Error: /.test(line));
  return [
    `The portal ended ${how}${
      reason ? `: ${reason.trim()}` : ''
    }. Its log is in ${logs} and ends with:`,
    ...service.tail,
  ].join('\n  ');
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise(resolved =>
    signal.addEventListener('abort', resolved, { once: true }),
  );
}
