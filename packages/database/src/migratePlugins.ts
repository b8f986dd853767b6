import { ForwardedError } from '@backstage/errors';
import knexFactory from 'knex';
import { porticoPluginIds, roles } from './roles';

/** Migrations that an installed package brings for the schema of a plugin id. */
export interface InstalledMigrations {
  pluginId: string;
  /** Absolute path of the folder with the migration files. */
  directory: string;
  /** Table that keeps which of them ran; that of Knex unless told. */
  tableName?: string;
}

/**
 * Runs what installed packages would run at their start, so that the portal can serve
 * with logins that make no table. The tables belong to who owns the schema, as if the
 * portal had made them; repeating it changes nothing.
 *
 * @param connection - the portal's database, as a superuser or who may take the owners' roles
 * @throws Error that names the plugin whose migration failed
 */
export async function migratePlugins(
  connection: string,
  migrations: readonly InstalledMigrations[],
): Promise<void> {
  for (const { pluginId, directory, tableName } of migrations) {
    const owner = porticoPluginIds.includes(pluginId) ? roles.app : roles.stock;
    const knex = knexFactory({
      client: 'pg',
      connection: {
        connectionString: connection,
        application_name: 'portico migrate',
        connectionTimeoutMillis: 10_000,
        options: `-c role=${owner}`,
      },
      searchPath: [pluginId],
      pool: { min: 0, max: 2 },
      migrations: { directory, ...(tableName && { tableName }) },
    });
    try {
      await knex.migrate.latest();
    } catch (error) {
      throw new ForwardedError(
        `The migration of the plugin ${pluginId} in ${directory} failed`,
        error,
      );
    } finally {
      await knex.destroy();
    }
  }
}
