import { writeFile } from 'node:fs/promises';
import { type Finding, isLeak } from '../matrix/Finding';
import { type MatrixShape } from '../matrix/matrixCells';
import { type CellRecord } from '../matrix/runCells';

/** One thing that was checked. */
export interface Check {
  name: string;
  outcome: 'passed' | 'failed' | 'skipped';
  /** Why it failed, or why it was skipped. */
  detail?: string;
}

/** A guard that was switched off, and whether the suite noticed. */
export interface MutantResult {
  guard: string;
  killed: boolean;
  /** What noticed it first. */
  by?: string;
}

/** Collects what the parts of the suite find, and says it in the end. */
export class SuiteReport {
  readonly checks: Check[] = [];
  readonly findings: Finding[] = [];
  readonly mutants: MutantResult[] = [];
  readonly unlistedRoutes: string[] = [];
  #shape: MatrixShape = { operations: 0, pairs: 0, principals: 0 };
  #records: readonly CellRecord[] = [];
  /** Requests beside the matrix: references, sequences, comparisons. */
  otherRequests = 0;

  check(name: string, problems: readonly string[]): void {
    this.checks.push(
      problems.length === 0
        ? { name, outcome: 'passed' }
        : {
            name,
            outcome: 'failed',
            detail: `${problems.length} times, first: ${problems[0]}`,
          },
    );
  }

  skip(name: string, reason: string): void {
    this.checks.push({ name, outcome: 'skipped', detail: reason });
  }

  /** Findings of one part; the part is one check, or one for each name that is given. */
  add(name: string, findings: readonly Finding[]): void {
    this.findings.push(...findings);
    this.check(
      name,
      findings.map(({ kind, where, detail }) => `${kind}: ${where}: ${detail}`),
    );
  }

  addMatrix(
    shape: MatrixShape,
    records: readonly CellRecord[],
    findings: readonly Finding[],
  ): void {
    this.#shape = shape;
    this.#records = records;
    const rows = new Map<string, Finding[]>();
    for (const { operation } of records) {
      rows.set(rowOf(operation), []);
    }
    for (const finding of findings) {
      rows.get(rowOf(finding.where))?.push(finding);
    }
    for (const [row, found] of rows) {
      this.add(row, found);
    }
  }

  addMutant(mutant: MutantResult): void {
    this.mutants.push(mutant);
    this.check(
      `without the guard “${mutant.guard}”, the suite fails`,
      mutant.killed ? [] : ['no answer and no row told the difference'],
    );
  }

  get failed(): boolean {
    return this.checks.some(({ outcome }) => outcome === 'failed');
  }

  /** The line of the suite: what was tried, and what came of it. */
  line(): string {
    const { operations, pairs, principals } = this.#shape;
    const leaks = this.findings.filter(isLeak).length;
    const writes = this.findings.filter(
      ({ kind }) => kind === 'foreign write',
    ).length;
    const killed = this.mutants.filter(mutant => mutant.killed).length;
    return [
      `${operations} operations × ${pairs} pairs × ${principals} principals = ${
        this.#records.length
      } requests`,
      `${leaks} leaks`,
      `${writes} foreign writes`,
      `${killed} of ${this.mutants.length} guard mutants killed`,
      `${this.unlistedRoutes.length} unlisted routes`,
    ].join(', ');
  }

  /** The closing line that every suite of Portico has. */
  closingLine(): string {
    const count = (outcome: Check['outcome']) =>
      this.checks.filter(check => check.outcome === outcome).length;
    return `${count('passed')} passed, ${count('failed')} failed, ${count(
      'skipped',
    )} skipped`;
  }

  /** Writes all of it for programs, each request with the digest of its answer. */
  async write(path: string): Promise<void> {
    await writeFile(
      path,
      JSON.stringify(
        {
          line: this.line(),
          result: this.closingLine(),
          finishedAt: new Date().toISOString(),
          shape: this.#shape,
          otherRequests: this.otherRequests,
          checks: this.checks,
          findings: this.findings,
          mutants: this.mutants,
          unlistedRoutes: this.unlistedRoutes,
          requests: this.#records,
        },
        undefined,
        1,
      ),
    );
  }
}

/** The row of an operation's name, which goes on with `#` and the variant. */
function rowOf(operation: string): string {
  return operation.split(' # ')[0];
}
