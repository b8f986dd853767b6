import { NotAllowedError } from '@backstage/errors';
import { type SignInResolver } from '@backstage/plugin-auth-node';
import { PERSONA_ISSUER } from '@portico/plugin-tenancy-common';
import {
  issueSessionToken,
  type TenancyService,
} from '@portico/plugin-tenancy-node';
import { type ChosenPersona } from './personaAuthenticator';

/**
 * Issues a session for a persona. It runs on each refresh, so a persona that was
 * disabled or removed is refused from then on.
 */
export function createPersonaSignInResolver(options: {
  tenancy: Pick<TenancyService, 'sessions' | 'directory'>;
}): SignInResolver<ChosenPersona> {
  const { tenancy } = options;
  return async ({ result: { userRef, by } }, issuer) => {
    const known = await tenancy.directory.findByIdentity({
      issuer: PERSONA_ISSUER,
      subject: userRef,
    });
    if (!known.includes(userRef)) {
      await tenancy.sessions.refuse({
        method: 'persona',
        reason: 'There is no such persona, or it is disabled',
        who: { userRef },
        by,
      });
      throw new NotAllowedError(
        `There is no persona ${userRef}, or it is disabled: choose another one`,
      );
    }
    return issueSessionToken({
      tenancy,
      issuer,
      userRef,
      method: 'persona',
      // A persona proves nothing, so that each of its tokens is as good as a sign-in.
      authenticatedAt: Math.floor(Date.now() / 1000),
      by,
    });
  };
}
