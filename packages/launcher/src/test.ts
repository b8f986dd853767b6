// `npm test`, started by bin/test.mjs: one PostgreSQL for the run, a database per
// test file, and the closing line that `.ci/run` reads.
import { mkdtemp, rm } from 'fs/promises';
import { tmpdir } from 'os';
import { join, resolve } from 'path';
import { randomBytes } from 'crypto';
import { repositoryRoot } from './paths';
import { PostgresServer } from './PostgresServer';
import { runInTerminal } from './runInTerminal';
import { closingLine, readJestResult } from './SuiteResult';
import { TerminalHost } from './TerminalHost';

async function test(args: string[]): Promise<number> {
  const host = new TerminalHost();
  const folder = await mkdtemp(join(tmpdir(), 'portico-test-'));
  let postgres: PostgresServer | undefined;
  try {
    let server = process.env.PORTICO_TEST_POSTGRES;
    if (!server) {
      postgres = await PostgresServer.start({
        directory: join(folder, 'postgres'),
        password: randomBytes(24).toString('base64url'),
        logFile: join(folder, 'postgres.log'),
        durable: false,
        signal: host.signal,
      });
      server = postgres.adminConnection;
    }
    const report = join(folder, 'report.json');
    const code = await runInTerminal({
      command: process.execPath,
      args: [
        resolve(
          repositoryRoot,
          'node_modules/@backstage/cli/bin/backstage-cli',
        ),
        'repo',
        'test',
        '--watch=false',
        '--json',
        `--outputFile=${report}`,
        ...args,
      ],
      cwd: repositoryRoot,
      environment: {
        ...process.env,
        NODE_ENV: 'test',
        PORTICO_TEST_POSTGRES: server,
      },
      signal: host.signal,
    });
    const result = await readJestResult(report);
    // Jest may fail for another reason than a test, such as a bad option.
    if (code !== 0 && result.failed === 0) result.failed = 1;
    for (const failure of result.failures ?? []) host.print(`✕ ${failure}`);
    host.print(closingLine(result));
    return result.failed === 0 ? 0 : 1;
  } finally {
    await postgres?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

test(process.argv.slice(2)).then(
  code => process.exit(code),
  error => {
    process.stderr.write(`${error?.message ?? error}\n`);
    process.stdout.write(
      `${closingLine({ passed: 0, failed: 1, skipped: 0 })}\n`,
    );
    process.exit(1);
  },
);
