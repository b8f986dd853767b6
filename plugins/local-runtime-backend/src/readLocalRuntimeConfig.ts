import { type RootConfigService } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';

/** Where the local runtime is, and what it is shown. */
export interface LocalRuntimeConfig {
  url: URL;
  token: string;
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Reads `localRuntime`.
 *
 * @returns undefined where the portal has no local runtime
 * @throws InputError for an address that other machines could answer at
 */
export function readLocalRuntimeConfig(
  config: RootConfigService,
): LocalRuntimeConfig | undefined {
  const text = config.getOptionalString('localRuntime.url');
  if (text === undefined) {
    return undefined;
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' || !LOOPBACK.has(url.hostname)) {
    throw new InputError(
      'localRuntime.url has to be an http address on loopback, such as http://127.0.0.1:7017: the local runtime is for one machine only',
    );
  }
  return { url, token: config.getString('localRuntime.token') };
}
