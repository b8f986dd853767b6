import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { type PluginMigrations } from '@portico/database';

/** The tables of the audit: outbox, chains, personal data, checkpoints. */
export const auditMigrations: PluginMigrations = {
  schema: 'portico_audit',
  directory: resolvePackagePath('@portico/plugin-audit-backend', 'migrations'),
};
