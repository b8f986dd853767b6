import { createBackendFeatureLoader } from '@backstage/backend-plugin-api';
import { promotionsPlugin } from './plugin';
import { promotionsServiceFactory } from './service/promotionsServiceFactory';

export { promotionsAuditActs } from './auditActs';
export { promotionsMigrations } from './migrations';

/** The promotions: their plugin and the service for the other backend parts. */
export default createBackendFeatureLoader({
  loader: () => [promotionsPlugin, promotionsServiceFactory],
});
