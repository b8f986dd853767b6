import { type Config } from '@backstage/config';
import { InputError } from '@backstage/errors';

const METADATA_PATH = '/.well-known/openid-configuration';

/** Signatures that only the provider can make: its public key cannot. */
const ASYMMETRIC_ALGORITHMS: ReadonlySet<string> = new Set([
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
]);

/** What Portico demands of a provider beyond the stock settings. */
export interface OidcPolicy {
  /** The only accepted `iss`. */
  issuer: string;
  /** Refuse accounts without an e-mail address. */
  requireEmail: boolean;
}

/**
 * Reads and checks `auth.providers.oidc.<environment>`.
 *
 * @throws InputError when the provider could not be trusted with these settings
 */
export function readOidcPolicy(config: Config): OidcPolicy {
  const metadataUrl = readSecureUrl(config.getString('metadataUrl'));
  const algorithm = config.getOptionalString('tokenSignedResponseAlg');
  if (algorithm !== undefined && !ASYMMETRIC_ALGORITHMS.has(algorithm)) {
    throw new InputError(
      `auth.providers.oidc: tokenSignedResponseAlg is ${algorithm}, expected one of ${[
        ...ASYMMETRIC_ALGORITHMS,
      ].join(', ')}`,
    );
  }
  const issuer =
    config.getOptionalString('issuer') ?? issuerOfMetadataUrl(metadataUrl);
  return {
    issuer,
    requireEmail: config.getOptionalBoolean('requireEmail') ?? false,
  };
}

function issuerOfMetadataUrl(metadataUrl: string): string {
  if (!metadataUrl.endsWith(METADATA_PATH)) {
    throw new InputError(
      `auth.providers.oidc: metadataUrl does not end with ${METADATA_PATH}, so the issuer must be given as issuer`,
    );
  }
  return metadataUrl.slice(0, -METADATA_PATH.length);
}

function readSecureUrl(text: string): string {
  const url = URL.parse(text);
  const loopback =
    url?.hostname === 'localhost' ||
    url?.hostname === '127.0.0.1' ||
    url?.hostname === '[::1]';
  if (url?.protocol !== 'https:' && !(url?.protocol === 'http:' && loopback)) {
    throw new InputError(
      'auth.providers.oidc: metadataUrl must be an https address',
    );
  }
  return text;
}
