import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  authProvidersExtensionPoint,
  createProxyAuthProviderFactory,
} from '@backstage/plugin-auth-node';
import {
  personasAllowed,
  tenancyServiceRef,
} from '@portico/plugin-tenancy-node';
import {
  personaAuthenticator,
  PERSONA_PROVIDER_ID,
} from './personaAuthenticator';
import { createPersonaSignInResolver } from './personaSignInResolver';

/**
 * Sign-in by choosing a persona, for development on one machine.
 *
 * Where {@link personasAllowed} says no, nothing is registered: the provider does
 * not exist.
 */
export const authModulePersonas = createBackendModule({
  pluginId: 'auth',
  moduleId: 'personas',
  register(reg) {
    reg.registerInit({
      deps: {
        config: coreServices.rootConfig,
        logger: coreServices.logger,
        providers: authProvidersExtensionPoint,
        tenancy: tenancyServiceRef,
      },
      async init({ config, logger, providers, tenancy }) {
        if (personasAllowed(config) !== true) {
          logger.info(
            'Sign-in by persona is off: it needs auth.environment: development, auth.providers.persona, and a loopback backend.listen and backend.baseUrl',
          );
          return;
        }
        logger.warn(
          'Sign-in by persona is on: whoever reaches this machine can be anyone',
        );
        providers.registerProvider({
          providerId: PERSONA_PROVIDER_ID,
          factory: createProxyAuthProviderFactory({
            authenticator: personaAuthenticator,
            signInResolver: createPersonaSignInResolver({ tenancy }),
          }),
        });
      },
    });
  },
});
