import { authServiceFactory as stockFactory } from '@backstage/backend-defaults/auth';
import {
  type AuthService,
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import {
  requestPrincipalsServiceRef,
  type RequestPrincipals,
} from '@portico/plugin-permission-backend-module-tenancy';
import { inspectServiceFactory } from '../inspectServiceFactory';

const stock = inspectServiceFactory<AuthService>(stockFactory);

/**
 * The stock auth service, which additionally refuses a user token whose session is
 * unknown, ended or expired, or whose member is disabled.
 *
 * Everybody who authenticates goes through here: full tokens, tokens that a plugin uses on
 * behalf of a user, and cookies.
 */
export const authServiceFactory = createServiceFactory({
  service: coreServices.auth,
  deps: { ...stock.deps, principals: requestPrincipalsServiceRef },
  async factory({ principals, ...services }) {
    return checkSessions(await stock.create(services), principals);
  },
});

function checkSessions(
  auth: AuthService,
  principals: RequestPrincipals,
): AuthService {
  return {
    async authenticate(token, options) {
      const credentials = await auth.authenticate(token, options);
      if (auth.isPrincipal(credentials, 'user')) {
        await principals.check(credentials);
      }
      return credentials;
    },
    isPrincipal: auth.isPrincipal.bind(auth),
    getNoneCredentials: auth.getNoneCredentials.bind(auth),
    getOwnServiceCredentials: auth.getOwnServiceCredentials.bind(auth),
    getPluginRequestToken: auth.getPluginRequestToken.bind(auth),
    getLimitedUserToken: auth.getLimitedUserToken.bind(auth),
    listPublicServiceKeys: auth.listPublicServiceKeys.bind(auth),
  };
}
