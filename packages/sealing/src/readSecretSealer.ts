import { type Config } from '@backstage/config';
import { LocalSecretSealer } from './LocalSecretSealer';
import { type SecretSealer } from './SecretSealer';

/**
 * The sealer of a plugin: its own keys, and then those of `backend.auth.keys`; newest first.
 *
 * @param options - `key`: where the configuration has the plugin's own keys; `purpose`: what
 *   is sealed
 * @returns undefined without any key: then no secret can be kept
 */
export function readSecretSealer(
  config: Config,
  options: { key: string; purpose: string },
): SecretSealer | undefined {
  const own = config.getOptionalStringArray(options.key) ?? [];
  const backend = (
    config.getOptionalConfigArray('backend.auth.keys') ?? []
  ).map(key => key.getString('secret'));
  const secrets = [...own, ...backend];
  return secrets.length > 0
    ? new LocalSecretSealer({ secrets, purpose: options.purpose })
    : undefined;
}
