// `npm run test:isolation`, started by bin/isolation.mjs: PostgreSQL where none is given,
// portals of its own or one that runs, and the closing lines that `.ci/run` reads.
import { mkdtemp, rm } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PostgresServer } from '@portico/launcher';
import { readOptions, type SuiteOptions } from './readOptions';
import { type SuiteReport } from './report/SuiteReport';
import { runAgainstPortal, runSuite } from './runSuite';

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Ends with Ctrl-C, and when whoever started it is gone. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  const abort = () => stop.abort();
  process.on('message', (message: { type?: string }) => {
    if (message.type === 'stop') {
      abort();
    }
  });
  process.on('disconnect', abort);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, abort);
  }
  return stop.signal;
}

async function withPostgres(
  options: SuiteOptions,
  signal: AbortSignal,
): Promise<SuiteReport> {
  if (process.env.PORTICO_TEST_POSTGRES) {
    return runSuite(options, print, signal);
  }
  const folder = await mkdtemp(join(tmpdir(), 'portico-isolation-'));
  let postgres: PostgresServer | undefined;
  try {
    postgres = await PostgresServer.start({
      directory: join(folder, 'postgres'),
      password: randomBytes(24).toString('base64url'),
      logFile: join(folder, 'postgres.log'),
      durable: false,
      signal,
    });
    process.env.PORTICO_TEST_POSTGRES = postgres.adminConnection;
    return await runSuite(options, print, signal);
  } finally {
    await postgres?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  const report = options.portal
    ? await runAgainstPortal(options, options.portal, print)
    : await withPostgres(options, stopSignal());
  for (const { name, outcome, detail } of report.checks) {
    if (outcome !== 'passed') {
      print(`${outcome}: ${name}: ${detail?.slice(0, 1500)}`);
    }
  }
  await report.write(resolve(options.report));
  print(`Report: ${resolve(options.report)}`);
  print(report.line());
  print(report.closingLine());
  return report.failed ? 1 : 0;
}

main().then(
  code => process.exit(code),
  error => {
    process.stderr.write(`${error?.message ?? error}\n`);
    process.stdout.write('0 passed, 1 failed, 0 skipped\n');
    process.exit(1);
  },
);
