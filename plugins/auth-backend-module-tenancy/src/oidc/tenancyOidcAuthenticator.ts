import { type LoggerService } from '@backstage/backend-plugin-api';
import { oidcAuthenticator } from '@backstage/plugin-auth-backend-module-oidc-provider';
import {
  createOAuthAuthenticator,
  type OAuthAuthenticatorAuthenticateInput,
  type OAuthSession,
} from '@backstage/plugin-auth-node';
import { isTenantId } from '@portico/plugin-tenancy-common';
import { OidcClientSource } from './OidcClientSource';
import { type OidcPolicy, readOidcPolicy } from './readOidcPolicy';
import { readSignedInPerson, type SignedInPerson } from './SignedInPerson';

/** Cookie with the id of the tenant that the person wants to work in. */
export const TENANT_COOKIE = 'portico-tenant';

/** A person, and the tenant they wish for; the wish still has to be checked. */
export interface OidcSignIn {
  person: SignedInPerson;
  wishedTenant: string | undefined;
}

/**
 * The stock OpenID Connect authenticator with Portico's conditions: one known issuer,
 * an ID token on every answer, user info of the same person, a verified e-mail.
 */
export function createTenancyOidcAuthenticator(options: {
  logger: LoggerService;
}) {
  const { logger } = options;
  return createOAuthAuthenticator<
    { policy: OidcPolicy; clients: OidcClientSource },
    OidcSignIn
  >({
    scopes: oidcAuthenticator.scopes,
    defaultProfileTransform: async ({ fullProfile: { person } }) => ({
      profile: {
        displayName: person.displayName,
        email: person.email,
        picture: person.picture,
      },
    }),
    initialize({ callbackUrl, config }) {
      const policy = readOidcPolicy(config);
      return {
        policy,
        clients: OidcClientSource.create({
          callbackUrl,
          config,
          policy,
          logger,
        }),
      };
    },
    async start(input, { clients }) {
      return oidcAuthenticator.start(input, await clients.get());
    },
    async authenticate(input, { clients, policy }) {
      const { fullProfile, session } = await oidcAuthenticator.authenticate(
        input,
        await clients.get(),
      );
      return {
        fullProfile: {
          person: readSignedInPerson(fullProfile, policy),
          wishedTenant: readWishedTenant(input),
        },
        session: withoutProviderTokens(session),
      };
    },
    async refresh(input, { clients, policy }) {
      const { fullProfile, session } = await oidcAuthenticator.refresh(
        input,
        await clients.get(),
      );
      return {
        fullProfile: {
          person: readSignedInPerson(fullProfile, policy),
          wishedTenant: readWishedTenant(input),
        },
        session: withoutProviderTokens(session),
      };
    },
    async logout(input, { clients }) {
      return oidcAuthenticator.logout?.(input, await clients.get());
    },
  });
}

/** Nothing in the browser calls the identity provider, so its tokens stay here. */
function withoutProviderTokens(session: OAuthSession): OAuthSession {
  return { ...session, accessToken: '', idToken: undefined };
}

function readWishedTenant({
  req,
}: OAuthAuthenticatorAuthenticateInput): string | undefined {
  const wish: unknown = req.cookies?.[TENANT_COOKIE];
  return typeof wish === 'string' && isTenantId(wish) ? wish : undefined;
}
