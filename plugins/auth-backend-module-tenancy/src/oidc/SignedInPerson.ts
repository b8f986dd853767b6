import { AuthenticationError, NotAllowedError } from '@backstage/errors';
import { type OidcAuthResult } from '@backstage/plugin-auth-backend-module-oidc-provider';
import { type Identity } from '@portico/plugin-tenancy-common';
import { z } from 'zod';

/** Who the identity provider says is signing in. */
export interface SignedInPerson {
  /** `iss` and `sub` of the verified ID token; nothing else identifies a person. */
  identity: Identity;
  displayName?: string;
  /** Only an e-mail address that the provider has verified. */
  email?: string;
  picture?: string;
  /** Seconds since the epoch at which the provider saw them sign in, where it says so. */
  authenticatedAt?: number;
}

const claimsSchema = z.object({
  iss: z.string().min(1).max(500),
  sub: z.string().min(1).max(500),
  email: z.string().optional(),
  email_verified: z.boolean().optional(),
  name: z.string().optional(),
  picture: z.string().optional(),
});

/** Of the ID token alone. What is no time counts as none: then nobody knows when. */
const idTokenSchema = claimsSchema.extend({
  auth_time: z.number().int().positive().optional().catch(undefined),
});

const identityClaimsSchema = claimsSchema.pick({ iss: true, sub: true });

/** The same claims without the issuer, which user info does not repeat. */
const userInfoSchema = claimsSchema.omit({ iss: true });

/**
 * Reads the person from the ID token, whose signature, issuer, audience, nonce and
 * time the OpenID client has verified, and from user info.
 *
 * @throws AuthenticationError when there is no ID token, or user info is about someone else
 * @throws NotAllowedError when the e-mail address is not verified, or is absent but required
 */
export function readSignedInPerson(
  result: OidcAuthResult,
  options: { requireEmail: boolean },
): SignedInPerson {
  if (!result.tokenset.id_token) {
    throw new AuthenticationError(
      'The identity provider answered without an ID token: let it send one on sign-in and on refresh',
    );
  }
  const claims = parse(idTokenSchema, result.tokenset.claims(), 'ID token');
  const userInfo = parse(userInfoSchema, result.userinfo, 'user info');
  if (userInfo.sub !== claims.sub) {
    throw new AuthenticationError(
      'The identity provider answered with user info of someone else: sign in again',
    );
  }

  const email = claims.email ?? userInfo.email;
  if (email === undefined && options.requireEmail) {
    throw new NotAllowedError(
      'Your account at the identity provider has no e-mail address, and this portal requires one',
    );
  }
  // Each source that names an address has to vouch for it, or the other has to
  // vouch for the same address; an explicit no always counts.
  const sources = [claims, userInfo].filter(source => source.email);
  const verified = sources.some(
    source => source.email === email && source.email_verified === true,
  );
  const denied = [claims, userInfo].some(
    source => source.email_verified === false,
  );
  const differs = sources.some(source => source.email !== email);
  if (email !== undefined && (!verified || denied || differs)) {
    throw new NotAllowedError(
      'Your e-mail address is not verified at the identity provider: verify it there and sign in again',
    );
  }

  return {
    identity: { issuer: claims.iss, subject: claims.sub },
    displayName: claims.name ?? userInfo.name,
    email,
    picture: claims.picture ?? userInfo.picture,
    ...(claims.auth_time !== undefined && {
      authenticatedAt: claims.auth_time,
    }),
  };
}

/** Whom a verified ID token names, whatever else is wrong with the sign-in. */
export function readIdentity(result: OidcAuthResult): Identity | undefined {
  if (!result.tokenset.id_token) {
    return undefined;
  }
  const claims = identityClaimsSchema.safeParse(result.tokenset.claims());
  return claims.success
    ? { issuer: claims.data.iss, subject: claims.data.sub }
    : undefined;
}

function parse<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    throw new AuthenticationError(
      `The identity provider sent a malformed ${what}: ${z.prettifyError(
        parsed.error,
      )}`,
    );
  }
  return parsed.data;
}
