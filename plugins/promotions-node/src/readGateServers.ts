import { type Config } from '@backstage/config';
import { InputError } from '@backstage/errors';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);
const DEFAULT_SECONDS = 10;

/** A system that a gate asks, as the platform configured it. */
export interface GateServer {
  name: string;
  /** Without a slash at the end of its path. */
  url: URL;
  token?: string;
  timeoutMilliseconds: number;
}

/**
 * Reads a list of servers by name: `name`, `url`, `token`, `timeoutSeconds`, `plainHttp`.
 *
 * @param place - of the list in the configuration, for what is said of mistakes
 * @throws InputError for a name twice, or an address whose answers others could forge
 */
export function readGateServers(
  configs: readonly Config[],
  place: string,
): Map<string, GateServer> {
  const servers = new Map<string, GateServer>();
  for (const [index, config] of configs.entries()) {
    const server = readServer(config, `${place}[${index}]`);
    if (servers.has(server.name)) {
      throw new InputError(
        `${place}[${index}].name: there are two of the name "${server.name}"; give each its own`,
      );
    }
    servers.set(server.name, server);
  }
  return servers;
}

function readServer(config: Config, place: string): GateServer {
  const name = config.getString('name');
  const text = config.getString('url');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (
    !url ||
    !['http:', 'https:'].includes(url.protocol) ||
    url.username ||
    url.password ||
    url.search ||
    url.hash
  ) {
    throw new InputError(
      `${place}.url has to be an https address without a user, query or fragment`,
    );
  }
  const plainHttp = config.getOptionalBoolean('plainHttp') ?? false;
  if (url.protocol === 'http:' && !LOOPBACK.has(url.hostname) && !plainHttp) {
    throw new InputError(
      `${place}.url is plain http, so that others on the way could say yes in its place: use https, or set plainHttp where the network is yours alone`,
    );
  }
  url.pathname = url.pathname.replace(/\/+$/, '');
  const token = config.getOptionalString('token');
  return {
    name,
    url,
    ...(token && { token }),
    timeoutMilliseconds:
      (config.getOptionalNumber('timeoutSeconds') ?? DEFAULT_SECONDS) * 1_000,
  };
}

/** An address below a server: its own path, then these parts. */
export function serverUrl(server: GateServer, path: string): URL {
  const url = new URL(server.url);
  url.pathname = `${server.url.pathname.replace(/\/$/, '')}/${path}`;
  return url;
}
