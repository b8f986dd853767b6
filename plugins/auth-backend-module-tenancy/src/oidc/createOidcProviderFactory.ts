import { NotAllowedError } from '@backstage/errors';
import {
  type AuthProviderFactory,
  createOAuthProviderFactory,
  decodeOAuthState,
  type OAuthState,
} from '@backstage/plugin-auth-node';
import { type TenancyService } from '@portico/plugin-tenancy-node';
import { createOidcSignInResolver } from './oidcSignInResolver';
import { createTenancyOidcAuthenticator } from './tenancyOidcAuthenticator';

/**
 * The routes of the provider `oidc`: the stock OAuth routes, and a person who signs
 * in is only ever sent back to an allowed origin.
 */
export function createOidcProviderFactory(options: {
  tenancy: Pick<TenancyService, 'sessions' | 'directory'>;
}): AuthProviderFactory {
  return context => {
    const refuseForeignRedirect = ({ redirectUrl }: Partial<OAuthState>) => {
      if (redirectUrl === undefined) {
        return;
      }
      const url = URL.parse(redirectUrl);
      if (!url || !context.isOriginAllowed(url.origin)) {
        throw new NotAllowedError(
          'The address to return to after the sign-in is not one of this portal',
        );
      }
    };
    const handlers = createOAuthProviderFactory({
      authenticator: createTenancyOidcAuthenticator({
        logger: context.logger,
        tenancy: options.tenancy,
      }),
      signInResolver: createOidcSignInResolver(options),
      stateTransform: async state => {
        refuseForeignRedirect(state);
        return { state };
      },
    })(context);
    return {
      start: handlers.start.bind(handlers),
      refresh: handlers.refresh?.bind(handlers),
      logout: handlers.logout?.bind(handlers),
      async frameHandler(req, res) {
        refuseForeignRedirect(decodeOAuthState(String(req.query.state ?? '')));
        await handlers.frameHandler(req, res);
      },
    };
  };
}
