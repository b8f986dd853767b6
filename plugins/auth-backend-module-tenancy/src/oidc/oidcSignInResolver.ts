import { NotAllowedError } from '@backstage/errors';
import {
  type OAuthAuthenticatorResult,
  type SignInResolver,
} from '@backstage/plugin-auth-node';
import {
  issueSessionToken,
  type TenancyService,
} from '@portico/plugin-tenancy-node';
import { type OidcSignIn } from './tenancyOidcAuthenticator';

/**
 * Issues a session for one membership of the person: the one in the tenant that
 * they wish for, else their first. It runs on sign-in and on each refresh.
 */
export function createOidcSignInResolver(options: {
  tenancy: Pick<TenancyService, 'sessions' | 'directory'>;
}): SignInResolver<OAuthAuthenticatorResult<OidcSignIn>> {
  const { tenancy } = options;
  return async ({ result: { fullProfile } }, issuer) => {
    const { person, wishedTenant, by } = fullProfile;
    const memberships = await tenancy.directory.findByIdentity(person.identity);
    const userRef =
      memberships.find(ref => ref.startsWith(`user:${wishedTenant}/`)) ??
      memberships[0];
    if (userRef === undefined) {
      await tenancy.sessions.refuse({
        method: 'oidc',
        reason: 'The person is no member of any tenant, or disabled',
        who: { identity: person.identity },
        by,
      });
      throw new NotAllowedError(
        `You are not a member of any tenant of this portal, or your membership is disabled: ask an administrator of your organisation to add the identity ${person.identity.subject} of ${person.identity.issuer}`,
      );
    }
    return issueSessionToken({
      tenancy,
      issuer,
      userRef,
      method: 'oidc',
      ...(person.authenticatedAt !== undefined && {
        authenticatedAt: person.authenticatedAt,
      }),
      by,
    });
  };
}
