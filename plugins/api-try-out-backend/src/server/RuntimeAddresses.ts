import {
  type AuthService,
  type BackstageCredentials,
  type DiscoveryService,
  type LoggerService,
} from '@backstage/backend-plugin-api';
import { entityStatusListSchema } from '@portico/plugin-local-runtime-common';

/** Where the local runtime serves a component in an environment. */
export interface RuntimeAddress {
  entityRef: string;
  environment: string;
  address: string;
}

/** Knows where the local runtime runs components. */
export interface RuntimeAddresses {
  /** The addresses of those components that the caller may read. */
  of(
    entityRefs: readonly string[],
    credentials: BackstageCredentials,
  ): Promise<RuntimeAddress[]>;
}

const TIMEOUT_MS = 5_000;

/**
 * Asks the portal's own plugin for the local runtime, on behalf of the caller. A runtime
 * that does not answer runs nothing.
 */
export function createRuntimeAddresses(options: {
  auth: Pick<AuthService, 'getPluginRequestToken'>;
  discovery: DiscoveryService;
  logger: LoggerService;
}): RuntimeAddresses {
  const { auth, discovery, logger } = options;
  return {
    async of(entityRefs, credentials) {
      try {
        const { token } = await auth.getPluginRequestToken({
          onBehalfOf: credentials,
          targetPluginId: 'local-runtime',
        });
        const response = await fetch(
          `${await discovery.getBaseUrl('local-runtime')}/status`,
          {
            method: 'POST',
            headers: {
              authorization: `Bearer ${token}`,
              'content-type': 'application/json',
            },
            body: JSON.stringify({ entityRefs }),
            signal: AbortSignal.timeout(TIMEOUT_MS),
          },
        );
        if (!response.ok) {
          throw new Error(`it answered with ${response.status}`);
        }
        const { items } = entityStatusListSchema.parse(await response.json());
        return items.flatMap(({ entityRef, status }) =>
          status.environments.flatMap(({ environment, address }) =>
            address !== undefined && isLoopback(address)
              ? [{ entityRef, environment, address }]
              : [],
          ),
        );
      } catch (error) {
        logger.debug(`The local runtime was not asked for addresses: ${error}`);
        return [];
      }
    },
  };
}

function isLoopback(address: string): boolean {
  const url = URL.parse(address);
  return url?.protocol === 'http:' && url.hostname === '127.0.0.1';
}
