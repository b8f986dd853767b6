// `npm run test:e2e`, started by bin/e2e.mjs: a portal of its own with the demo, in a
// temporary folder, and Playwright against it.
import { exportEvidence, runDemo } from '@portico/demo';
import { mkdtemp, rm } from 'fs/promises';
import { connect } from 'net';
import { tmpdir } from 'os';
import { join, resolve } from 'path';
import { LauncherError } from './LauncherError';
import { evidenceFolder } from './makeDemo';
import { repositoryRoot } from './paths';
import { runInTerminal } from './runInTerminal';
import { runPortal } from './runPortal';
import {
  closingLine,
  readPlaywrightResult,
  type SuiteResult,
} from './SuiteResult';
import { TerminalHost } from './TerminalHost';
import { writeDemoHistory } from './writeDemoHistory';

const port = 7107;

/** Without this, the tests would run against whatever answers there. */
async function checkPortIsFree(): Promise<void> {
  const answers = await new Promise<boolean>(done => {
    const socket = connect({ host: 'localhost', port });
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
  if (answers) {
    throw new LauncherError(
      `Port ${port} is in use: end the program that listens there, perhaps another run of these tests.`,
    );
  }
}

async function endToEnd(args: string[]): Promise<SuiteResult> {
  await checkPortIsFree();
  const host = new TerminalHost();
  const folder = await mkdtemp(join(tmpdir(), 'portico-e2e-'));
  let result: SuiteResult = { passed: 0, failed: 1, skipped: 0 };
  try {
    await runPortal(
      { port, data: folder, demo: true, dev: false },
      host,
      async ({ address, database }) => {
        const startedAt = performance.now();
        await runDemo({
          baseUrl: address,
          writeHistory: history =>
            writeDemoHistory(history, {
              connection: database,
              signal: host.signal,
            }),
          onProgress: text => host.print(text),
          signal: host.signal,
        });
        host.print(
          `The demo took ${Math.round(
            (performance.now() - startedAt) / 1000,
          )} s.`,
        );
        // Waits for a signature, while the journeys run; one of them reads it.
        exportEvidence({
          baseUrl: address,
          folder: evidenceFolder(folder),
          signal: host.signal,
        }).catch(error => {
          if (!host.signal.aborted) host.print(`No evidence: ${error.message}`);
        });
        const report = join(folder, 'report.json');
        const code = await runInTerminal({
          command: process.execPath,
          args: [
            resolve(repositoryRoot, 'node_modules/@playwright/test/cli.js'),
            'test',
            '--reporter=list,json',
            ...args,
          ],
          cwd: repositoryRoot,
          environment: {
            ...process.env,
            PLAYWRIGHT_URL: address,
            PORTICO_E2E_DATA: folder,
            PLAYWRIGHT_JSON_OUTPUT_NAME: report,
          },
          signal: host.signal,
        });
        result = await readPlaywrightResult(report);
        if (code !== 0 && result.failed === 0) result.failed = 1;
        host.stop();
      },
    );
  } catch (error) {
    if (!host.signal.aborted) throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return result;
}

endToEnd(process.argv.slice(2)).then(
  result => {
    process.stdout.write(`${closingLine(result)}\n`);
    process.exit(result.failed === 0 ? 0 : 1);
  },
  error => {
    process.stderr.write(`${error?.message ?? error}\n`);
    process.stdout.write(
      `${closingLine({ passed: 0, failed: 1, skipped: 0 })}\n`,
    );
    process.exit(1);
  },
);
