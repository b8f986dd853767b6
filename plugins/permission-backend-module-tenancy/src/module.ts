import { createBackendModule } from '@backstage/backend-plugin-api';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';
import { tenantPolicyServiceRef } from './tenantPolicyServiceRef';

/** Gives the permission backend the policy that the walls decide with. */
export const permissionModuleTenancy = createBackendModule({
  pluginId: 'permission',
  moduleId: 'tenancy',
  register(reg) {
    reg.registerInit({
      deps: {
        permissions: policyExtensionPoint,
        policy: tenantPolicyServiceRef,
      },
      async init({ permissions, policy }) {
        permissions.setPolicy(policy);
      },
    });
  },
});
