import { type Config, readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds, type HumanDuration } from '@backstage/types';
import { isTenantId } from '@portico/plugin-tenancy-common';

const KEY = 'tenancy.keycloak';

/** Seconds between two looks; who was let go is refused after one of them. */
const USUAL_SECONDS = 30;
/** More than this part of the people is not removed at once, nor more than a few. */
const USUAL_REMOVALS = 0.2;

/** A realm that people and groups of a tenant are read from. */
export interface KeycloakDirectory {
  tenant: string;
  /** Address of Keycloak, without the realm. */
  url: string;
  realm: string;
  clientId: string;
  clientSecret: string;
  /** `iss` of the sign-in. */
  issuer: string;
  every: HumanDuration;
  /** Part of the people, from 0 to 1, that may be removed by one look. */
  mostRemovals: number;
}

/**
 * Reads `tenancy.keycloak`.
 *
 * @throws InputError that names the key and what is wrong with it
 */
export function readKeycloakDirectories(config: Config): KeycloakDirectory[] {
  const directories = (config.getOptionalConfigArray(KEY) ?? []).map(read);
  const tenants = directories.map(({ tenant }) => tenant);
  const twice = tenants.find((one, index) => tenants.indexOf(one) !== index);
  if (twice !== undefined) {
    throw new InputError(
      `Configuration key '${KEY}' names the tenant ${twice} twice: a tenant has one directory`,
    );
  }
  return directories;
}

function read(config: Config): KeycloakDirectory {
  const tenant = config.getString('tenant');
  if (!isTenantId(tenant)) {
    throw new InputError(
      `Configuration key '${KEY}' names ${JSON.stringify(
        tenant,
      )}, which is no id of a tenant`,
    );
  }
  const url = secureUrl(config.getString('url'));
  const realm = config.getString('realm');
  const mostRemovals =
    config.getOptionalNumber('mostRemovals') ?? USUAL_REMOVALS;
  const every = config.has('every')
    ? readDurationFromConfig(config, { key: 'every' })
    : { seconds: USUAL_SECONDS };
  if (!(mostRemovals >= 0 && mostRemovals <= 1)) {
    throw new InputError(
      `Configuration key '${KEY}' of ${tenant}: mostRemovals is ${mostRemovals}, expected a part from 0 to 1`,
    );
  }
  if (durationToMilliseconds(every) < 5_000) {
    throw new InputError(
      `Configuration key '${KEY}' of ${tenant}: every is less than 5 seconds`,
    );
  }
  return {
    tenant,
    url,
    realm,
    clientId: config.getString('clientId'),
    clientSecret: config.getString('clientSecret'),
    issuer:
      config.getOptionalString('issuer') ??
      `${url}/realms/${encodeURIComponent(realm)}`,
    every,
    mostRemovals,
  };
}

function secureUrl(text: string): string {
  const url = URL.parse(text);
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(
    url?.hostname ?? '',
  );
  if (
    !url ||
    url.search ||
    url.hash ||
    url.username ||
    !(url.protocol === 'https:' || (url.protocol === 'http:' && loopback))
  ) {
    throw new InputError(
      `Configuration key '${KEY}': url must be an https address without credentials, query or fragment`,
    );
  }
  return text.replace(/\/+$/, '');
}
