import { createBackendFeatureLoader } from '@backstage/backend-plugin-api';
import { tenancyPlugin } from './plugin';
import { tenancyServiceFactory } from './tenancyServiceFactory';

export { tenancyAuditActs } from './auditActs';
export { tenancyMigrations } from './migrations';
export { createTenancyService } from './service/createTenancyService';
export { tenancyServiceFactory } from './tenancyServiceFactory';

/** The tenancy: its plugin and the service for the other backend parts. */
export default createBackendFeatureLoader({
  loader: () => [tenancyPlugin, tenancyServiceFactory],
});
