import { createBackendFeatureLoader } from '@backstage/backend-plugin-api';
import { bindingsServiceFactory } from './bindingsServiceFactory';
import { bindingsPlugin } from './plugin';

export { bindingsAuditActs } from './auditActs';
export { bindingsServiceFactory } from './bindingsServiceFactory';
export { bindingsMigrations } from './migrations';

/** The bindings: their plugin and the service for the other backend parts. */
export default createBackendFeatureLoader({
  loader: () => [bindingsPlugin, bindingsServiceFactory],
});
