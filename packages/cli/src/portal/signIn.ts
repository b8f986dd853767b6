import { z } from 'zod';
import { type StoredSession } from '../credentials/CredentialsFile';
import { type PortalClient } from './PortalClient';
import { PortalError } from './PortalError';

const identitySchema = z.object({
  backstageIdentity: z.object({
    token: z.string(),
    identity: z.object({ userEntityRef: z.string() }),
  }),
});

const claimsSchema = z.object({ exp: z.number() });

/** Exchanges a machine token for a short-lived user token of the machine's user. */
export async function exchangeMachineToken(
  client: PortalClient,
  machineToken: string,
): Promise<StoredSession> {
  return readSession(
    await client.call('/api/auth/machine/refresh', identitySchema, {
      headers: { 'x-portico-machine-token': machineToken },
    }),
  );
}

/** Takes the grant of a device code; undefined while nobody has approved it. */
export async function takeDeviceGrant(
  client: PortalClient,
  deviceCode: string,
): Promise<StoredSession | undefined> {
  try {
    return readSession(
      await client.call('/api/auth/device/refresh', identitySchema, {
        headers: { 'x-portico-device-code': deviceCode },
      }),
    );
  } catch (error) {
    if (
      error instanceof PortalError &&
      (error.status === 401 || error.status === 403)
    ) {
      return undefined;
    }
    throw error;
  }
}

function readSession(answer: z.infer<typeof identitySchema>): StoredSession {
  const { token, identity } = answer.backstageIdentity;
  return {
    token,
    userRef: identity.userEntityRef,
    expiresAt: readExpiry(token),
  };
}

/** For telling the user only: the portal verifies the token, not we. */
function readExpiry(token: string): number {
  try {
    const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url');
    return claimsSchema.parse(JSON.parse(payload.toString('utf8'))).exp;
  } catch {
    throw new PortalError('The portal answered with a token of unknown form');
  }
}
