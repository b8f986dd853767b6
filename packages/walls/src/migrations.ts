import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { type PluginMigrations } from '@portico/database';

/** The tables of the walls: who made how many requests. */
export const wallsMigrations: PluginMigrations = {
  schema: 'portico_walls',
  directory: resolvePackagePath('@portico/walls', 'migrations'),
};
