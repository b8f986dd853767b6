import { type BackstageCredentials } from '@backstage/backend-plugin-api';
import { AuthenticationError } from '@backstage/errors';
import { type PorticoDatabase } from '@portico/database';
import {
  type TenancyService,
  type TenantPrincipal,
} from '@portico/plugin-tenancy-node';
import { z } from 'zod';
import { DeviceRequestStore } from './DeviceRequestStore';
import {
  findByIdentity,
  readDirectoryEntities,
  readMembers,
  readPersonas,
} from './directoryReads';
import { MachineTokenStore } from './MachineTokenStore';
import { SessionStore } from './SessionStore';
import { SourceStore } from './SourceStore';

const userPrincipalSchema = z.object({
  type: z.literal('user'),
  userEntityRef: z.string(),
});

const tokenClaimsSchema = z.object({ sub: z.string(), iat: z.number().int() });

/**
 * The tenancy service on Portico's own tables.
 *
 * @param now - the clock; that of the machine unless told
 */
export function createTenancyService(options: {
  database: PorticoDatabase;
  now?: () => Date;
}): TenancyService {
  const { database } = options;
  const stores = { database, now: options.now ?? (() => new Date()) };
  const sessions = new SessionStore(stores);
  const tokens = new MachineTokenStore(stores);
  const devices = new DeviceRequestStore(stores);
  return {
    sessions,
    sources: new SourceStore(stores),
    directory: {
      members: tenant => readMembers(database, tenant),
      entities: () => readDirectoryEntities(database),
      personas: () => readPersonas(database),
      findByIdentity: identity => findByIdentity(database, identity),
      findByMachineToken: (token, by) => tokens.find(token, by),
      takeDeviceGrant: (deviceCode, by) => devices.take(deviceCode, by),
    },
    principal: credentials => checkPrincipal(sessions, credentials),
  };
}

async function checkPrincipal(
  sessions: SessionStore,
  credentials: BackstageCredentials,
): Promise<TenantPrincipal> {
  return sessions.check(readSession(credentials));
}

/**
 * The session behind verified credentials.
 *
 * @throws AuthenticationError when they are no user's
 */
export function readSession(credentials: BackstageCredentials): {
  userRef: string;
  issuedAt: number;
} {
  const principal = userPrincipalSchema.safeParse(credentials.principal);
  if (!principal.success) {
    throw new AuthenticationError('Only a signed-in user may do this');
  }
  const claims = tokenClaimsSchema.safeParse(readTokenClaims(credentials));
  if (!claims.success || claims.data.sub !== principal.data.userEntityRef) {
    throw new AuthenticationError('The user token does not name its session');
  }
  return { userRef: claims.data.sub, issuedAt: claims.data.iat };
}

/**
 * Claims of the token behind credentials. The auth service verified it and keeps it
 * beside the public type, for limited and on-behalf-of tokens too.
 */
function readTokenClaims(credentials: BackstageCredentials): unknown {
  const token: unknown = Reflect.get(credentials, 'token');
  const payload = typeof token === 'string' ? token.split('.')[1] : undefined;
  if (!payload) {
    return undefined;
  }
  try {
    return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
