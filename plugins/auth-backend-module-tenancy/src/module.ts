import { createBackendModule } from '@backstage/backend-plugin-api';
import {
  authProvidersExtensionPoint,
  createProxyAuthProviderFactory,
} from '@backstage/plugin-auth-node';
import { tenancyServiceRef } from '@portico/plugin-tenancy-node';
import {
  createDeviceAuthenticator,
  createDeviceSignInResolver,
} from './device/deviceSignIn';
import {
  createMachineAuthenticator,
  createMachineSignInResolver,
} from './machine/machineSignIn';
import { createOidcProviderFactory } from './oidc/createOidcProviderFactory';

/**
 * Portico's ways to sign in: people through an OpenID provider (`oidc`), machines by
 * their token (`machine`) and the CLI by a request that a person approved (`device`).
 *
 * A provider is live only when its key is present below `auth.providers`.
 */
export const authModuleTenancy = createBackendModule({
  pluginId: 'auth',
  moduleId: 'tenancy',
  register(reg) {
    reg.registerInit({
      deps: {
        providers: authProvidersExtensionPoint,
        tenancy: tenancyServiceRef,
      },
      async init({ providers, tenancy }) {
        providers.registerProvider({
          providerId: 'oidc',
          factory: createOidcProviderFactory({ tenancy }),
        });
        providers.registerProvider({
          providerId: 'machine',
          factory: createProxyAuthProviderFactory({
            authenticator: createMachineAuthenticator({ tenancy }),
            signInResolver: createMachineSignInResolver({ tenancy }),
          }),
        });
        providers.registerProvider({
          providerId: 'device',
          factory: createProxyAuthProviderFactory({
            authenticator: createDeviceAuthenticator({ tenancy }),
            signInResolver: createDeviceSignInResolver({ tenancy }),
          }),
        });
      },
    });
  },
});
