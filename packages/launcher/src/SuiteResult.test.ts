import { mkdtemp, rm, writeFile } from 'fs/promises';
import { tmpdir } from 'os';
import { join } from 'path';
import {
  closingLine,
  readJestResult,
  readPlaywrightResult,
} from './SuiteResult';

describe('the result of a suite', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portico-report-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function report(content: unknown): Promise<string> {
    const path = join(folder, 'report.json');
    await writeFile(path, JSON.stringify(content));
    return path;
  }

  it('counts a test file that cannot be loaded as failed', async () => {
    const path = await report({
      numPassedTests: 7,
      numFailedTests: 1,
      numPendingTests: 2,
      numTodoTests: 1,
      numRuntimeErrorTestSuites: 1,
    });
    expect(closingLine(await readJestResult(path))).toBe(
      '7 passed, 2 failed, 3 skipped',
    );
  });

  it('tells in a line each what failed', async () => {
    const path = await report({
      numPassedTests: 1,
      numFailedTests: 1,
      numPendingTests: 0,
      numTodoTests: 0,
      numRuntimeErrorTestSuites: 1,
      testResults: [
        {
          name: '/portico/plugins/audit/src/AuditPage.test.tsx',
          message: 'a report of all of it',
          assertionResults: [
            {
              status: 'passed',
              fullName: 'AuditPage lists',
              failureMessages: [],
            },
            {
              status: 'failed',
              fullName: 'AuditPage filters',
              failureMessages: [
                '\u001b[31mexpected\n  three\u001b[39m',
                'Error: late',
              ],
            },
          ],
        },
        {
          name: '/portico/plugins/audit/src/broken.test.ts',
          message: 'SyntaxError: here',
          assertionResults: [],
        },
      ],
    });
    expect((await readJestResult(path)).failures).toEqual([
      'AuditPage.test.tsx: AuditPage filters: expected three | Error: late',
      'broken.test.ts: SyntaxError: here',
    ]);
  });

  it('counts a test that needed a second try as failed', async () => {
    const path = await report({
      stats: { expected: 4, unexpected: 1, flaky: 1, skipped: 0 },
      errors: [{ message: 'No tests found' }],
    });
    expect(closingLine(await readPlaywrightResult(path))).toBe(
      '4 passed, 3 failed, 0 skipped',
    );
  });

  it('is a failure when there is no report, or an unknown one', async () => {
    const failed = { passed: 0, failed: 1, skipped: 0 };
    await expect(readJestResult(join(folder, 'none'))).resolves.toEqual(failed);
    await expect(readJestResult(await report({}))).resolves.toEqual(failed);
    await expect(readPlaywrightResult(await report([]))).resolves.toEqual(
      failed,
    );
  });
});
