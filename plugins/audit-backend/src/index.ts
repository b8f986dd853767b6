import { createBackendFeatureLoader } from '@backstage/backend-plugin-api';
import { auditorServiceFactory } from './bridge/auditorServiceFactory';
import { auditPlugin } from './plugin';

export { auditEngineActs } from './auditActs';
export { bridgedAuditActs } from './bridge/auditActs';
export { auditExportActs } from './export/auditExportActs';
export { auditMigrations } from './migrations';

/** The audit: its plugin, and the auditor service that writes into it. */
export default createBackendFeatureLoader({
  loader: () => [auditPlugin, auditorServiceFactory],
});
