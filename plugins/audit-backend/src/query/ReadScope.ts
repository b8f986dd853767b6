import { type PorticoDatabase } from '@portico/database';
import { type Knex } from 'knex';

/**
 * What a reader may read.
 *
 * - `own`: one chain, in the transaction of its tenant: row-level security hides all
 *   others, and the platform's people
 * - `auditor`: one chain or all of them, everybody disclosed
 */
export type ReadScope =
  | { kind: 'own'; chain: string }
  | { kind: 'auditor'; chain?: string };

/** Runs `fn` in a transaction that sees what the reader may read. */
export function readIn<T>(
  database: PorticoDatabase,
  scope: ReadScope,
  fn: (transaction: Knex.Transaction) => Promise<T>,
): Promise<T> {
  switch (scope.kind) {
    case 'own':
      return database.inTenant(scope.chain, fn);
    case 'auditor':
      return database.asPlatform('an auditor reads the audit', fn);
    default: {
      const impossible: never = scope;
      throw new Error(`Unknown scope ${String(impossible)}`);
    }
  }
}
