import { type RootConfigService } from '@backstage/backend-plugin-api';
import { LocalSecretSealer, type SecretSealer } from '@portico/sealing';

/**
 * Keys of `bindings.sealingKeys`, and then those of `backend.auth.keys`; newest first.
 *
 * @returns undefined without any key: then no credential can be kept
 */
export function readSealer(
  config: RootConfigService,
): SecretSealer | undefined {
  const own = config.getOptionalStringArray('bindings.sealingKeys') ?? [];
  const backend = (
    config.getOptionalConfigArray('backend.auth.keys') ?? []
  ).flatMap(key => key.getOptionalString('secret') ?? []);
  const secrets = [...own, ...backend];
  return secrets.length > 0
    ? new LocalSecretSealer({
        secrets,
        purpose: 'portico bindings credentials',
      })
    : undefined;
}
