import {
  coreServices,
  createServiceFactory,
  createServiceRef,
} from '@backstage/backend-plugin-api';
import { readRequestLimits } from './readRequestLimits';
import { TenantTurns } from './TenantTurns';

/** The turns of all tenants, over all plugins. */
export const tenantTurnsServiceRef = createServiceRef<TenantTurns>({
  id: 'portico.walls.tenant-turns',
  scope: 'root',
  defaultFactory: async service =>
    createServiceFactory({
      service,
      deps: { config: coreServices.rootConfig },
      factory: ({ config }) =>
        new TenantTurns(readRequestLimits(config).atOnce),
    }),
});
