import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { type PluginMigrations } from '@portico/database';

/** The tables of the bindings; those of the tenancy come before. */
export const bindingsMigrations: PluginMigrations = {
  schema: 'portico_bindings',
  directory: resolvePackagePath(
    '@portico/plugin-bindings-backend',
    'migrations',
  ),
};
