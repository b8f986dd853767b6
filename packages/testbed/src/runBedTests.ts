import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  closingLine,
  readJestResult,
  repositoryRoot,
  runInTerminal,
} from '@portico/launcher';
import { type BedFolder } from './BedFolder';
import { BED_STATE_VARIABLE } from './BedState';

/**
 * Runs the tests that talk to real systems, `*.bed.test.ts` beside what they test. Those of a
 * system that does not run are skipped, and say so.
 */
export async function runBedTests(options: {
  folder: BedFolder;
  args: readonly string[];
  signal: AbortSignal;
  print: (line: string) => void;
}): Promise<number> {
  const { folder, args, signal, print } = options;
  const scratch = await mkdtemp(join(tmpdir(), 'portico-bed-test-'));
  try {
    const report = join(scratch, 'report.json');
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
        '--runInBand',
        // Elsewhere they are passed over.
        '--testPathIgnorePatterns=/node_modules/',
        '--json',
        `--outputFile=${report}`,
        ...(args.length > 0 ? args : ['\\.bed\\.test\\.ts$']),
      ],
      cwd: repositoryRoot,
      environment: {
        ...process.env,
        NODE_ENV: 'test',
        [BED_STATE_VARIABLE]: folder.state,
      },
      signal,
    });
    const result = await readJestResult(report);
    if (code !== 0 && result.failed === 0) {
      result.failed = 1;
    }
    print(closingLine(result));
    return result.failed === 0 ? 0 : 1;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
