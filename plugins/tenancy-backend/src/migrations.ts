import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { type PluginMigrations } from '@portico/database';

/** The tables of the tenancy: tenants, people, sessions, tokens and sources. */
export const tenancyMigrations: PluginMigrations = {
  schema: 'portico_tenancy',
  directory: resolvePackagePath(
    '@portico/plugin-tenancy-backend',
    'migrations',
  ),
};
