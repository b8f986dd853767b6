import { type BackstageCredentials } from '@backstage/backend-plugin-api';
import { type Entity, parseEntityRef } from '@backstage/catalog-model';
import {
  type ApiDescription,
  type ApiServer,
  type TryOutServer,
} from '@portico/plugin-api-try-out-common';
import { covers } from '@portico/plugin-bindings-common';
import { type BindingsService } from '@portico/plugin-bindings-node';
import { type RuntimeAddresses } from './RuntimeAddresses';

/** A server with what is needed to send to it. */
export interface ReachableServer {
  shown: TryOutServer;
  url: URL;
  /** The local runtime's: on loopback, and known from the runtime itself. */
  isLocal: boolean;
}

const MOST_SERVERS = 20;

/** Tells which servers of an API the caller may send requests to. */
export class ApiServers {
  readonly #bindings: Pick<BindingsService, 'granted'>;
  readonly #runtime: RuntimeAddresses | undefined;

  constructor(options: {
    bindings: Pick<BindingsService, 'granted'>;
    /** Absent where there is no local runtime. */
    runtime: RuntimeAddresses | undefined;
  }) {
    this.#bindings = options.bindings;
    this.#runtime = options.runtime;
  }

  /**
   * All servers of the definition, and the addresses at which the local runtime runs the
   * component that provides the API; those that cannot be used with the reason.
   */
  async list(
    entity: Entity,
    api: ApiDescription,
    credentials: BackstageCredentials,
  ): Promise<Array<ReachableServer | { shown: TryOutServer }>> {
    const granted = await this.#bindings.granted('api-server', { credentials });
    const servers = api.servers.slice(0, MOST_SERVERS);
    const local = await this.#local(entity, servers, credentials);
    const listed = servers.flatMap((server, index) => {
      const shown = {
        id: `definition-${index}`,
        url: server.url,
        ...(server.description && { description: server.description }),
        source: 'definition' as const,
      };
      const url = absoluteUrl(server.url);
      if (!url) {
        // A path alone means "where the service runs", which the local runtime knows.
        return local.length > 0 ? [] : [{ shown: refuse(shown, 'relative') }];
      }
      const problem = problemOf(url, granted);
      return problem
        ? [{ shown: refuse(shown, problem) }]
        : [{ shown, url, isLocal: false }];
    });
    return [...local, ...listed];
  }

  async #local(
    entity: Entity,
    servers: readonly ApiServer[],
    credentials: BackstageCredentials,
  ): Promise<ReachableServer[]> {
    const providers = (entity.relations ?? [])
      .filter(({ type }) => type === 'apiProvidedBy')
      .map(({ targetRef }) => targetRef)
      .filter(ref => {
        const { kind, namespace } = parseEntityRef(ref);
        return kind === 'component' && namespace === entity.metadata.namespace;
      });
    if (!this.#runtime || providers.length === 0) {
      return [];
    }
    const path = pathOf(servers[0]);
    const found = await this.#runtime.of(providers, credentials);
    return found.map(({ entityRef, environment, address }) => {
      const url = new URL(path, address);
      return {
        shown: {
          id: `local-runtime-${parseEntityRef(entityRef).name}-${environment}`,
          url: url.href,
          source: 'local-runtime',
          environment,
        },
        url,
        isLocal: true,
      };
    });
  }
}

type Problem = 'relative' | 'form' | 'notGranted';

const refusals: Readonly<Record<Problem, string>> = {
  relative:
    'The definition names only a path, and no address of a running service is known.',
  form: 'Its address is not http or https, or carries a name, a password or a query.',
  notGranted:
    'Your tenant was not granted this server; ask the platform team for a grant of the kind api-server.',
};

function refuse(shown: TryOutServer, problem: Problem): TryOutServer {
  return { ...shown, refusal: refusals[problem] };
}

function problemOf(url: URL, granted: readonly string[]): Problem | undefined {
  if (
    (url.protocol !== 'https:' && url.protocol !== 'http:') ||
    url.username !== '' ||
    url.password !== '' ||
    url.search !== '' ||
    url.hash !== ''
  ) {
    return 'form';
  }
  return granted.some(resource => covers('api-server', resource, url.host))
    ? undefined
    : 'notGranted';
}

function absoluteUrl(text: string): URL | undefined {
  return /^[a-z][a-z0-9+.-]*:/i.test(text)
    ? URL.parse(text) ?? undefined
    : undefined;
}

/** The path of the first server, below which the operations lie. */
function pathOf(server: ApiServer | undefined): string {
  const url = URL.parse(server?.url ?? '/', 'http://relative.invalid');
  return url ? url.pathname : '/';
}
