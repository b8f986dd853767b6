import { type JsonObject } from '@backstage/types';
import { type Knex } from 'knex';
import { z } from 'zod';

const answerSchema = z.object({
  rows: z.tuple([z.object({ id: z.string().nullable() })]),
});

/** When a job runs, and what it takes the place of. */
export interface JobOptions {
  /**
   * At most one job of a task and tenant with the same key waits: a newer one takes its
   * place, unless it runs already. At most 200 characters.
   */
  key?: string;
  /** Not before then; at once without. */
  runAt?: Date;
}

/**
 * Puts a job on the queue in the transaction of a tenant: it runs if and only if
 * the transaction commits. The database stamps the payload with the tenant.
 *
 * @param transaction - from `PorticoDatabase.inTenant`
 * @param task - a name from `PluginMigrations.tasks`; others are refused
 * @returns the id of the job; undefined where one with the same key began to run meanwhile
 */
export async function enqueue(
  transaction: Knex.Transaction,
  task: string,
  payload: JsonObject = {},
  options: JobOptions = {},
): Promise<string | undefined> {
  const answer = await transaction.raw(
    'select portico_jobs.enqueue(?::text, ?::json, ?::text, ?::timestamptz)::text as id',
    [task, JSON.stringify(payload), options.key ?? null, options.runAt ?? null],
  );
  return answerSchema.parse(answer).rows[0].id ?? undefined;
}
