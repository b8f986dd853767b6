import { readFile } from 'fs/promises';
import { basename } from 'path';
import { stripVTControlCharacters } from 'util';
import { z } from 'zod';

/** How many tests a suite ran. */
export interface SuiteResult {
  passed: number;
  failed: number;
  skipped: number;
  /** What failed and its first words, a line each. */
  failures?: readonly string[];
}

const jestSchema = z
  .object({
    numPassedTests: z.number(),
    numFailedTests: z.number(),
    numPendingTests: z.number(),
    numTodoTests: z.number(),
    // files that could not even be loaded
    numRuntimeErrorTestSuites: z.number(),
    testResults: z
      .array(
        z.object({
          name: z.string().default(''),
          message: z.string().default(''),
          assertionResults: z
            .array(
              z.object({
                status: z.string(),
                fullName: z.string(),
                failureMessages: z.array(z.string()).nullish(),
              }),
            )
            .default([]),
        }),
      )
      .default([]),
  })
  .transform(result => ({
    passed: result.numPassedTests,
    failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
    skipped: result.numPendingTests + result.numTodoTests,
    failures: result.testResults.flatMap(
      ({ name, message, assertionResults }) => {
        const failed = assertionResults.filter(
          ({ status }) => status === 'failed',
        );
        // a file that could not be loaded has no tests, only a message
        if (assertionResults.length === 0 && message) {
          return [`${basename(name)}: ${firstWords(message)}`];
        }
        return failed.map(
          ({ fullName, failureMessages }) =>
            `${basename(name)}: ${fullName}: ${(failureMessages ?? [])
              .map(firstWords)
              .join(' | ')}`,
        );
      },
    ),
  }));

const playwrightSchema = z
  .object({
    stats: z.object({
      expected: z.number(),
      unexpected: z.number(),
      flaky: z.number(),
      skipped: z.number(),
    }),
    // what went wrong outside of a test
    errors: z.array(z.unknown()).default([]),
  })
  .transform(({ stats, errors }) => ({
    passed: stats.expected,
    // a test that passes at the second try only is not one to rely on
    failed: stats.unexpected + stats.flaky + errors.length,
    skipped: stats.skipped,
  }));

/** The beginning of a message, in one line without colours. */
function firstWords(message: string): string {
  return stripVTControlCharacters(message).replace(/\s+/g, ' ').slice(0, 400);
}

/** Reads the JSON report of Jest. */
export function readJestResult(path: string): Promise<SuiteResult> {
  return readResult(path, text => jestSchema.parse(text));
}

/** Reads the JSON report of Playwright. */
export function readPlaywrightResult(path: string): Promise<SuiteResult> {
  return readResult(path, text => playwrightSchema.parse(text));
}

/** A suite without a report did not get to its end, so it failed. */
async function readResult(
  path: string,
  parse: (report: unknown) => SuiteResult,
): Promise<SuiteResult> {
  try {
    return parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

/** The closing line of a suite; `.ci/run` adds them up. */
export function closingLine(result: SuiteResult): string {
  return `${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped`;
}
