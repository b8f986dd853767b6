import { setTimeout as delay } from 'node:timers/promises';
import { isError } from '@backstage/errors';
import { type AuditContext } from '@portico/plugin-audit-node';
import {
  type MachineScope,
  type SessionMethod,
} from '@portico/plugin-tenancy-common';
import { z } from 'zod';
import { type TenancyService } from './TenancyService';

const claimsSchema = z.object({
  sub: z.string(),
  iat: z.number().int(),
  exp: z.number().int(),
});

/** Tokens carry whole seconds, so a second try needs another second. */
const ATTEMPTS = 3;

/** What the sign-in of the auth plugin hands to a provider. */
export interface SessionTokenIssuer {
  issueToken(options: {
    claims: { sub: string; ent: string[] };
  }): Promise<{ token: string }>;
}

/** A user token whose session is recorded. */
export interface SessionToken {
  token: string;
  identity: {
    type: 'user';
    userEntityRef: string;
    /** The user and the groups as the tables say at this moment. */
    ownershipEntityRefs: string[];
  };
}

/**
 * Issues a user token and records its session: the only way to a token that
 * Portico accepts.
 *
 * When a session of the same user and second was ended before, it waits for the
 * next second and issues again, three times at most.
 *
 * @throws AuthenticationError when the member is disabled or gone
 * @throws ConflictError when each of the attempts met an ended session
 */
export async function issueSessionToken(options: {
  tenancy: Pick<TenancyService, 'sessions'>;
  issuer: SessionTokenIssuer;
  userRef: string;
  method: SessionMethod;
  /** For machines: what the session is bounded by. */
  scopes?: MachineScope[];
  /**
   * Seconds since the epoch at which the person showed who they are, where that is known;
   * what lies after the token is taken for its time.
   */
  authenticatedAt?: number;
  /** The request of the sign-in. */
  by: AuditContext;
}): Promise<SessionToken> {
  const { tenancy, issuer, userRef, method, scopes, authenticatedAt, by } =
    options;
  for (let attempt = 1; ; attempt += 1) {
    const { token } = await issuer.issueToken({
      claims: { sub: userRef, ent: [userRef] },
    });
    const { iat, exp } = readClaims(token);
    try {
      await tenancy.sessions.start({
        userRef,
        issuedAt: iat,
        expiresAt: exp,
        method,
        ...(scopes && { scopes }),
        ...(authenticatedAt !== undefined && {
          authenticatedAt: Math.min(authenticatedAt, iat),
        }),
        by,
      });
    } catch (error) {
      if (
        attempt < ATTEMPTS &&
        isError(error) &&
        error.name === 'ConflictError'
      ) {
        await delay(Math.max(0, (iat + 1) * 1000 - Date.now()) + 5);
        continue;
      }
      throw error;
    }
    // Reads the member again, so a person disabled a moment ago gets nothing.
    const principal = await tenancy.sessions.check({ userRef, issuedAt: iat });
    return {
      token,
      identity: {
        type: 'user',
        userEntityRef: userRef,
        ownershipEntityRefs: [userRef, ...principal.groups],
      },
    };
  }
}

/** The token comes from our own issuer in this process: nothing to verify. */
function readClaims(token: string): z.infer<typeof claimsSchema> {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url');
  return claimsSchema.parse(JSON.parse(payload.toString('utf8')));
}
