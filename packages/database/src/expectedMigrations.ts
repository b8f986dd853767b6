import { readdirSync } from 'node:fs';
import {
  createServiceFactory,
  createServiceRef,
} from '@backstage/backend-plugin-api';
import { type Knex } from 'knex';
import { z } from 'zod';
import { type PluginMigrations } from './Migrations';

const answerSchema = z.object({
  rows: z.array(
    z.object({ schema: z.string(), newest: z.string().nullable() }),
  ),
});

/**
 * The migrations that this version of the portal works with; none unless the backend names
 * them. A database that lacks some of them is not served from.
 */
export const expectedMigrationsServiceRef = createServiceRef<
  readonly PluginMigrations[]
>({
  id: 'portico.database.expected-migrations',
  scope: 'root',
  defaultFactory: async service =>
    createServiceFactory({ service, deps: {}, factory: () => [] }),
});

/** Name of the newest migration in a folder. */
export function newestMigration({
  directory,
}: Pick<PluginMigrations, 'directory'>): string {
  return (
    readdirSync(directory)
      .filter(name => name.endsWith('.js'))
      .sort()
      .at(-1) ?? ''
  );
}

/**
 * Schemas whose newest migration was not run yet, by the comment that the migration step
 * leaves on each schema. What a newer version added is no fault: during a rollout the old
 * one goes on.
 */
export async function schemasBehind(
  transaction: Knex.Transaction,
  migrations: readonly PluginMigrations[],
): Promise<string[]> {
  const answer = await transaction.raw(
    `select nspname as schema, obj_description(oid, 'pg_namespace') as newest
       from pg_namespace where nspname = any(?)`,
    [migrations.map(({ schema }) => schema)],
  );
  const found = new Map(
    answerSchema
      .parse(answer)
      .rows.map(({ schema, newest }) => [schema, newest ?? '']),
  );
  return migrations
    .filter(one => (found.get(one.schema) ?? '') < newestMigration(one))
    .map(({ schema }) => schema);
}
