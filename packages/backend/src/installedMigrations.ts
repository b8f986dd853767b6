import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { defaultPluginIds, type InstalledMigrations } from '@portico/database';

/** Packages that bring tables, by the plugin id whose schema gets them. */
const packages: Record<string, string> = {
  app: '@backstage/plugin-app-backend',
  auth: '@backstage/plugin-auth-backend',
  catalog: '@backstage/plugin-catalog-backend',
  notifications: '@backstage/plugin-notifications-backend',
  scaffolder: '@backstage/plugin-scaffolder-backend',
  search: '@backstage/plugin-search-backend-module-pg',
  'user-settings': '@backstage/plugin-user-settings-backend',
};

/**
 * What the installed packages would make by themselves at their start. A package that
 * gets migrations with an upgrade is missing here until the test of this file says so.
 */
export const installedMigrations: readonly InstalledMigrations[] = [
  ...Object.entries(packages).map(([pluginId, name]) => ({
    pluginId,
    directory: resolvePackagePath(name, 'migrations'),
  })),
  // each plugin has its own keys and schedule
  ...defaultPluginIds.flatMap(pluginId => [
    {
      pluginId,
      directory: resolvePackagePath(
        '@backstage/backend-defaults',
        'migrations/auth',
      ),
      tableName: 'backstage_backend_public_keys__knex_migrations',
    },
    {
      pluginId,
      directory: resolvePackagePath(
        '@backstage/backend-defaults',
        'migrations/scheduler',
      ),
      tableName: 'backstage_backend_tasks__knex_migrations',
    },
  ]),
];
