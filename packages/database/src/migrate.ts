import { ForwardedError } from '@backstage/errors';
import knexFactory, { type Knex } from 'knex';
import { escapeLiteral } from 'pg';
import { newestMigration } from './expectedMigrations';
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
    await tellNewest(knex, migrations);
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

/**
 * Who serves may not read the bookkeeping, and has to know how far it is: the comment on the
 * schema says it. It never goes back, also when an older version is rolled out again.
 */
async function tellNewest(
  knex: Knex,
  { schema, directory }: PluginMigrations,
): Promise<void> {
  const newest = newestMigration({ directory });
  const { rows } = await knex.raw(
    `select obj_description(to_regnamespace(?), 'pg_namespace') as told`,
    [quoteIdentifier(schema)],
  );
  if ((rows[0]?.told ?? '') < newest) {
    await knex.raw(
      `comment on schema ${quoteIdentifier(schema)} is ${escapeLiteral(
        newest,
      )}`,
    );
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
      // An older version that is rolled out again finds migrations that it does not know.
      disableMigrationsListValidation: true,
    },
  });
}
