import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { ServerPermissionClient } from '@backstage/plugin-permission-node';
import { tenantPolicyServiceRef } from '@portico/plugin-permission-backend-module-tenancy';
import { PolicyPermissions } from './PolicyPermissions';
import { recordedResourcesServiceRef } from './RecordedResources';

/** Permissions decided in process; see {@link PolicyPermissions}. */
export const permissionsServiceFactory = createServiceFactory({
  service: coreServices.permissions,
  deps: {
    auth: coreServices.auth,
    config: coreServices.rootConfig,
    discovery: coreServices.discovery,
    policy: tenantPolicyServiceRef,
    recorded: recordedResourcesServiceRef,
  },
  factory: ({ auth, config, discovery, policy, recorded }) =>
    new PolicyPermissions({
      auth,
      policy,
      recorded,
      stock: ServerPermissionClient.fromConfig(config, { auth, discovery }),
    }),
});
