import { CustomErrorBase } from '@backstage/errors';
import { type Knex } from 'knex';

/** PostgreSQL's code for a statement that ran out of time. */
const QUERY_CANCELED = '57014';

/** A search took too long; answered with 422, since asking again changes nothing. */
export class TooBroadError extends CustomErrorBase {
  override name = 'TooBroadError' as const;
  readonly statusCode = 422;

  constructor(milliseconds: number) {
    super(
      `The search took longer than ${
        milliseconds / 1_000
      } seconds and was ended: narrow it to one chain, a shorter time or one act, or search for a rarer word`,
    );
  }
}

/**
 * Bounds what follows in the transaction.
 *
 * @throws TooBroadError when it takes longer
 */
export async function withinTime<T>(
  transaction: Knex.Transaction,
  milliseconds: number,
  fn: () => Promise<T>,
): Promise<T> {
  await transaction.raw(`select set_config('statement_timeout', ?, true)`, [
    String(milliseconds),
  ]);
  try {
    return await fn();
  } catch (error) {
    if (
      error instanceof Error &&
      'code' in error &&
      error.code === QUERY_CANCELED
    ) {
      throw new TooBroadError(milliseconds);
    }
    throw error;
  }
}
