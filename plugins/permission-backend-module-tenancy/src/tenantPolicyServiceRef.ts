import {
  coreServices,
  createServiceFactory,
  createServiceRef,
} from '@backstage/backend-plugin-api';
import { type PermissionPolicy } from '@backstage/plugin-permission-node';
import { readScaffolderActions } from './policy/scaffolderActions';
import { TenantPolicy } from './policy/TenantPolicy';
import { requestPrincipalsServiceRef } from './RequestPrincipals';

/**
 * The one policy of the portal: the permission backend answers the browser with it, and
 * the walls decide with it in process.
 */
export const tenantPolicyServiceRef = createServiceRef<PermissionPolicy>({
  id: 'portico.tenant-policy',
  scope: 'root',
  defaultFactory: async service =>
    createServiceFactory({
      service,
      deps: {
        config: coreServices.rootConfig,
        logger: coreServices.rootLogger,
        principals: requestPrincipalsServiceRef,
      },
      factory: ({ config, logger, principals }) =>
        new TenantPolicy({
          principals,
          logger: logger.child({ service: 'tenant-policy' }),
          scaffolderActions: readScaffolderActions(config),
        }),
    }),
});
