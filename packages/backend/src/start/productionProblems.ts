import { ConfigReader } from '@backstage/config';
import { type JsonObject } from '@backstage/types';

const SHORTEST_SECRET = 24;
const SHORTEST_PASSWORD = 12;
const FEWEST_CHARACTERS = 8;
const guessable = /change-?me|password|secret|example|portico|12345|qwert/i;

/** Secrets that no key of `config.d.ts` can describe the strength of. */
const secrets: ReadonlyArray<{ key: string; shortest: number }> = [
  { key: 'audit.signingKeys', shortest: SHORTEST_SECRET },
  { key: 'auth.session.secret', shortest: SHORTEST_SECRET },
  { key: 'bindings.sealingKeys', shortest: SHORTEST_SECRET },
  { key: 'tenancy.sealingKeys', shortest: SHORTEST_SECRET },
  {
    key: 'backend.database.connection.password',
    shortest: SHORTEST_PASSWORD,
  },
  {
    key: 'portico.database.connection.password',
    shortest: SHORTEST_PASSWORD,
  },
  { key: 'portico.jobs.connection.password', shortest: SHORTEST_PASSWORD },
];

const databases = [
  'backend.database.connection',
  'portico.database.connection',
  'portico.jobs.connection',
];

/** What must not be in production, and what must. Empty where it is none. */
export function productionProblems(
  data: JsonObject,
  unset: ReadonlyMap<string, string>,
  environment: NodeJS.ProcessEnv,
): string[] {
  const config = new ConfigReader(data);
  const read = (key: string): unknown => config.getOptional(key);
  if (
    environment.NODE_ENV !== 'production' &&
    read('auth.environment') !== 'production'
  ) {
    return [];
  }
  const missing = (key: string) => {
    const variable = unset.get(key);
    return `${key} is missing${variable ? `: set ${variable}` : ''}`;
  };
  return [
    ...['app.baseUrl', 'backend.baseUrl'].flatMap(key => {
      const url = read(key);
      return url === undefined ? [missing(key)] : addressProblems(key, url);
    }),
    ...secrets.flatMap(({ key, shortest }) => {
      const found = read(key);
      const values = Array.isArray(found) ? found : [found];
      return found === undefined || values.length === 0
        ? [missing(unset.has(`${key}[0]`) ? `${key}[0]` : key)]
        : values.flatMap((value, index) =>
            secretProblems(
              Array.isArray(found) ? `${key}[${index}]` : key,
              value,
              shortest,
            ),
          );
    }),
    ...databases.flatMap(key =>
      read(`${key}.ssl.rejectUnauthorized`) === true
        ? []
        : [`${key}.ssl.rejectUnauthorized must be true in production`],
    ),
    ...identityProblems(read, missing),
    ...(read('localRuntime') === undefined
      ? []
      : ['localRuntime is for development only: set it to null']),
    ...(read('permission.enabled') === true
      ? []
      : ['permission.enabled must be true']),
  ];
}

function addressProblems(key: string, value: unknown): string[] {
  const url = URL.parse(String(value));
  if (url?.protocol !== 'https:') {
    return [`${key} must begin with https:// in production`];
  }
  return /^(?:localhost|127\.|\[::1\])/.test(url.hostname)
    ? [`${key} must not name this machine only in production`]
    : [];
}

function secretProblems(
  key: string,
  value: unknown,
  shortest: number,
): string[] {
  const secret = String(value);
  if (secret.length < shortest) {
    return [
      `${key} is too short: ${shortest} characters or more, such as from "openssl rand -base64 32"`,
    ];
  }
  return new Set(secret).size < FEWEST_CHARACTERS || guessable.test(secret)
    ? [`${key} can be guessed: take one from "openssl rand -base64 32"`]
    : [];
}

function identityProblems(
  read: (key: string) => unknown,
  missing: (key: string) => string,
): string[] {
  const provider = 'auth.providers.oidc.production';
  const metadata = read(`${provider}.metadataUrl`);
  return [
    ...(read('auth.environment') === 'production'
      ? []
      : ['auth.environment must be production']),
    ...(read('auth.providers.persona') === undefined
      ? []
      : [
          'auth.providers.persona signs anybody in: set it to null in production',
        ]),
    ...['metadataUrl', 'clientId', 'clientSecret']
      .map(name => `${provider}.${name}`)
      .filter(key => read(key) === undefined)
      .map(missing),
    ...(metadata === undefined
      ? []
      : addressProblems(`${provider}.metadataUrl`, metadata)),
  ];
}
