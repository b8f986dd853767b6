import { createBackendFeatureLoader } from '@backstage/backend-plugin-api';
import { tenancyServiceFactory } from './tenancyServiceFactory';

export { tenancyMigrations } from './migrations';
export { createTenancyService } from './service/createTenancyService';
export { tenancyServiceFactory } from './tenancyServiceFactory';

export default createBackendFeatureLoader({
  loader: () => [tenancyServiceFactory],
});
