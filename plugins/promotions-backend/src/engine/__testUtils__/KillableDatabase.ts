import { type PorticoDatabase } from '@portico/database';
import { type Knex } from 'knex';

/** Where a process is killed: at which of its transactions, and on which side of its end. */
export interface KillPoint {
  transaction: number;
  side: 'before' | 'afterItCommitted';
}

/** What a killed process would say, if it could. */
export class Killed extends Error {
  constructor() {
    super('The process was killed');
  }
}

/**
 * The database as one process sees it: after its kill nothing of it gets through. What it
 * does outside happens between two transactions, so each of them is a place to be killed at.
 */
export class KillableDatabase implements PorticoDatabase {
  #transactions = 0;
  #killed = false;

  constructor(
    private readonly database: PorticoDatabase,
    private readonly point?: KillPoint,
  ) {}

  get killed(): boolean {
    return this.#killed;
  }

  async inTenant<T>(
    tenant: string,
    fn: (transaction: Knex.Transaction) => Promise<T>,
  ): Promise<T> {
    return this.#through(() => this.database.inTenant(tenant, fn));
  }

  async asPlatform<T>(
    reason: string,
    fn: (transaction: Knex.Transaction) => Promise<T>,
  ): Promise<T> {
    return this.#through(() => this.database.asPlatform(reason, fn));
  }

  async statementAsPlatform(
    statement: Parameters<PorticoDatabase['statementAsPlatform']>[0],
  ): Promise<unknown[]> {
    return this.#through(() => this.database.statementAsPlatform(statement));
  }

  async #through<T>(fn: () => Promise<T>): Promise<T> {
    this.#transactions += 1;
    const isPoint = this.#transactions === this.point?.transaction;
    if (isPoint && this.point?.side === 'before') {
      this.#killed = true;
    }
    if (this.#killed) {
      throw new Killed();
    }
    const result = await fn();
    if (isPoint) {
      this.#killed = true;
      throw new Killed();
    }
    return result;
  }
}
