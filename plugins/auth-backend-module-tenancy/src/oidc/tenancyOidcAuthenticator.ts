import { type LoggerService } from '@backstage/backend-plugin-api';
import {
  oidcAuthenticator,
  type OidcAuthResult,
} from '@backstage/plugin-auth-backend-module-oidc-provider';
import {
  createOAuthAuthenticator,
  type OAuthAuthenticatorAuthenticateInput,
  type OAuthAuthenticatorRefreshInput,
  type OAuthSession,
} from '@backstage/plugin-auth-node';
import {
  anonymousAuditContext,
  type AuditContext,
} from '@portico/plugin-audit-node';
import { isTenantId } from '@portico/plugin-tenancy-common';
import { type TenancyService } from '@portico/plugin-tenancy-node';
import { OidcClientSource } from './OidcClientSource';
import { type OidcPolicy, readOidcPolicy } from './readOidcPolicy';
import {
  readIdentity,
  readSignedInPerson,
  type SignedInPerson,
} from './SignedInPerson';

/** Cookie with the id of the tenant that the person wants to work in. */
export const TENANT_COOKIE = 'portico-tenant';

/** Ten years. */
const LONGEST_SIGN_IN_SECONDS = 10 * 365 * 24 * 60 * 60;

type SignInTenancy = Pick<TenancyService, 'sessions'>;

/** The answers say more, to the person. */
const REFUSED =
  'The e-mail address is missing or not verified, or the answer of the identity provider does not fit';

/** A person, and the tenant they wish for; the wish still has to be checked. */
export interface OidcSignIn {
  person: SignedInPerson;
  wishedTenant: string | undefined;
  /** The request, for the audit. */
  by: AuditContext;
}

/**
 * The stock OpenID Connect authenticator with Portico's conditions: one known issuer,
 * an ID token on every answer, user info of the same person, a verified e-mail.
 */
export function createTenancyOidcAuthenticator(options: {
  logger: LoggerService;
  tenancy: SignInTenancy;
}) {
  const { logger, tenancy } = options;
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
      const { url, status } = await oidcAuthenticator.start(
        input,
        await clients.get(),
      );
      return { url: askForSignInTime(url), status };
    },
    async authenticate(input, { clients, policy }) {
      const { fullProfile, session } = await oidcAuthenticator.authenticate(
        input,
        await clients.get(),
      );
      return {
        fullProfile: await readSignIn(input, fullProfile, { policy, tenancy }),
        session: withoutProviderTokens(session),
      };
    },
    async refresh(input, { clients, policy }) {
      const { fullProfile, session } = await oidcAuthenticator.refresh(
        input,
        await clients.get(),
      );
      return {
        fullProfile: await readSignIn(input, fullProfile, { policy, tenancy }),
        session: withoutProviderTokens(session),
      };
    },
    async logout(input, { clients }) {
      return oidcAuthenticator.logout?.(input, await clients.get());
    },
  });
}

/**
 * Reads who signs in. Who is refused although the identity provider has proven their
 * identity is recorded.
 */
async function readSignIn(
  input: OAuthAuthenticatorAuthenticateInput | OAuthAuthenticatorRefreshInput,
  result: OidcAuthResult,
  { policy, tenancy }: { policy: OidcPolicy; tenancy: SignInTenancy },
): Promise<OidcSignIn> {
  const by = anonymousAuditContext(input.req);
  try {
    return {
      person: readSignedInPerson(result, policy),
      wishedTenant: readWishedTenant(input),
      by,
    };
  } catch (error) {
    const identity = readIdentity(result);
    if (identity) {
      await tenancy.sessions.refuse({
        method: 'oidc',
        reason: REFUSED,
        who: { identity },
        by,
      });
    }
    throw error;
  }
}

/**
 * A provider has to tell when the person signed in only if it is asked how long ago that
 * may be; it is asked for so long that nobody has to sign in because of it.
 */
function askForSignInTime(address: string): string {
  const url = new URL(address);
  if (!url.searchParams.has('max_age')) {
    url.searchParams.set('max_age', String(LONGEST_SIGN_IN_SECONDS));
  }
  return url.href;
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
