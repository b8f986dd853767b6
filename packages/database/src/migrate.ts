import { ForwardedError } from '@backstage/errors';
import knexFactory from 'knex';
import { quoteIdentifier } from './identifiers';
import { type PluginMigrations } from './Migrations';
import { roles } from './roles';

/**
 * Brings the tables of Portico's own plugins to their newest form, as their owner.
 * It is a step before the portal starts, never a part of serving.
 *
 * @param connection - connection string of the login `portico_migrator`
 * @throws Error that names the schema whose migration failed
 */
export async function migrate(options: {
  connection: string;
  migrations: readonly PluginMigrations[];
}): Promise<void> {
  for (const migrations of options.migrations) {
    try {
      await migrateSchema(options.connection, migrations);
    } catch (error) {
      throw new ForwardedError(
        `The migration of the schema ${migrations.schema} failed`,
        error,
      );
    }
  }
}

/**
 * Takes back the newest group of migrations of one plugin; for tests and repairs.
 */
export async function rollback(options: {
  connection: string;
  migrations: PluginMigrations;
}): Promise<void> {
  const knex = openAsOwner(options.connection, options.migrations);
  try {
    await knex.migrate.rollback();
  } finally {
    await knex.destroy();
  }
}

async function migrateSchema(
  connection: string,
  migrations: PluginMigrations,
): Promise<void> {
  const knex = openAsOwner(connection, migrations);
  const schema = quoteIdentifier(migrations.schema);
  try {
    await knex.raw(`create schema if not exists ${schema}`);
    await knex.migrate.latest();
    await knex.raw(
      `grant usage on schema ${schema} to ${roles.tenant}, ${roles.platform}`,
    );
    for (const task of migrations.tasks ?? []) {
      await knex.raw(
        'insert into portico_jobs.tasks (name) values (?) on conflict do nothing',
        [task],
      );
    }
  } finally {
    await knex.destroy();
  }
}

function openAsOwner(connection: string, migrations: PluginMigrations) {
  return knexFactory({
    client: 'pg',
    connection: {
      connectionString: connection,
      application_name: 'portico migrate',
      connectionTimeoutMillis: 10_000,
      options: `-c role=${roles.owner}`,
    },
    searchPath: [migrations.schema, 'public'],
    pool: { min: 0, max: 2 },
    migrations: {
      directory: migrations.directory,
      schemaName: migrations.schema,
      tableName: 'knex_migrations',
      loadExtensions: ['.js'],
    },
  });
}
