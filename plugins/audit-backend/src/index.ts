import { createBackendFeatureLoader } from '@backstage/backend-plugin-api';
import { auditPlugin } from './plugin';

export { auditEngineActs } from './auditActs';
export { auditMigrations } from './migrations';

/** The audit: its plugin, and the auditor that writes into it. */
export default createBackendFeatureLoader({
  // The bridge of the stock auditor belongs here as well, once it is there.
  loader: () => [auditPlugin],
});
