import { type JsonObject } from '@backstage/types';
import { type Knex } from 'knex';
import { z } from 'zod';

const answerSchema = z.object({
  rows: z.tuple([z.object({ id: z.string() })]),
});

/**
 * Puts a job on the queue in the transaction of a tenant: it runs if and only if
 * the transaction commits. The database stamps the payload with the tenant.
 *
 * @param transaction - from `PorticoDatabase.inTenant`
 * @param task - a name from `PluginMigrations.tasks`; others are refused
 * @returns the id of the job
 */
export async function enqueue(
  transaction: Knex.Transaction,
  task: string,
  payload: JsonObject = {},
): Promise<string> {
  const answer = await transaction.raw(
    'select portico_jobs.enqueue(?::text, ?::json)::text as id',
    [task, JSON.stringify(payload)],
  );
  return answerSchema.parse(answer).rows[0].id;
}
