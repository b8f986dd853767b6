import { type Config } from '@backstage/config';

/**
 * Tells whether development personas may be used: sign-in without a proof of who
 * one is. That is so only where nobody but the user of this machine can reach the
 * portal: `auth.environment` is `development`, `auth.providers.persona` is
 * present, and both `backend.listen` and `backend.baseUrl` name a loopback host.
 * Anything unclear means no.
 */
export function personasAllowed(config: Config): boolean {
  return (
    config.getOptional('auth.environment') === 'development' &&
    isPresent(config.getOptional('auth.providers.persona')) &&
    isLoopbackHost(listenHost(config.getOptional('backend.listen'))) &&
    isLoopbackHost(urlHost(config.getOptional('backend.baseUrl')))
  );
}

/** `auth.providers.persona: null` or `false` switches it off. */
function isPresent(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** The host that the backend listens on; undefined stands for every address. */
function listenHost(listen: unknown): string | undefined {
  if (typeof listen === 'object' && listen !== null && 'host' in listen) {
    return typeof listen.host === 'string' ? listen.host : undefined;
  }
  if (typeof listen === 'string') {
    // As in `localhost:7007`; `:7007` listens everywhere.
    return /^(.+):\d+$/.exec(listen)?.[1];
  }
  return undefined;
}

function urlHost(url: unknown): string | undefined {
  return typeof url === 'string' && URL.canParse(url)
    ? new URL(url).hostname
    : undefined;
}

function isLoopbackHost(host: string | undefined): boolean {
  if (host === undefined) {
    return false;
  }
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  return (
    bare === 'localhost' ||
    bare === '::1' ||
    /^127\.(?:\d{1,3}\.){2}\d{1,3}$/.test(bare)
  );
}
