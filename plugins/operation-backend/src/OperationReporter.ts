import { hostname } from 'node:os';
import { isError } from '@backstage/errors';
import {
  type OperationCheckResult,
  type OperationReport,
} from '@portico/plugin-operation-common';
import {
  type OperationCheck,
  type OperationChecks,
} from '@portico/plugin-operation-node';

const CHECK_LIMIT_MILLISECONDS = 10_000;
const KEPT_MILLISECONDS = 5_000;

/**
 * Asks all checks at the same time. Each has ten seconds, and whoever asks again within five
 * seconds gets the same answer, so that nobody burdens other systems with it.
 */
export class OperationReporter {
  readonly #checks: Pick<OperationChecks, 'list'>;
  readonly #version: string;
  readonly #now: () => Date;
  readonly #limitMilliseconds: number;
  #latest: { at: number; report: Promise<OperationReport> } | undefined;

  constructor(options: {
    checks: Pick<OperationChecks, 'list'>;
    version: string;
    now?: () => Date;
    limitMilliseconds?: number;
  }) {
    this.#checks = options.checks;
    this.#version = options.version;
    this.#now = options.now ?? (() => new Date());
    this.#limitMilliseconds =
      options.limitMilliseconds ?? CHECK_LIMIT_MILLISECONDS;
  }

  report(): Promise<OperationReport> {
    const at = this.#now().getTime();
    if (!this.#latest || Math.abs(at - this.#latest.at) >= KEPT_MILLISECONDS) {
      this.#latest = { at, report: this.#ask() };
    }
    return this.#latest.report;
  }

  async #ask(): Promise<OperationReport> {
    const at = this.#now().toISOString();
    const checks = await Promise.all(
      this.#checks.list().map(check => this.#look(check)),
    );
    return { version: this.#version, replica: hostname(), at, checks };
  }

  async #look(check: OperationCheck): Promise<OperationCheckResult> {
    const { name } = check;
    const seconds = this.#limitMilliseconds / 1000;
    const signal = AbortSignal.timeout(this.#limitMilliseconds);
    const late = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () =>
        reject(new Error(`It did not answer within ${seconds} seconds`)),
      );
    });
    try {
      return { name, ...(await Promise.race([check.look(signal), late])) };
    } catch (error) {
      return {
        name,
        status: 'failed',
        found: isError(error) ? error.message : String(error),
        hint: 'See the log of the portal, and the page "Runbook" of its documentation',
      };
    }
  }
}
