import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { type PluginMigrations } from '@portico/database';
import { ADVANCE_TASK } from './jobs/tasks';

/** The tables of the promotions; those of tenancy and audit come before. */
export const promotionsMigrations: PluginMigrations = {
  schema: 'portico_promotions',
  directory: resolvePackagePath(
    '@portico/plugin-promotions-backend',
    'migrations',
  ),
  tasks: [ADVANCE_TASK],
};
