import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';

/** Name of the cluster in the portal's configuration. */
export const CLUSTER = 'main';

/** A namespace for each tenant, whose name tells nothing of whose it is. */
export function namespaceOf(tenant: string): string {
  return `ns-${createHash('sha256').update(tenant).digest('hex').slice(0, 12)}`;
}

/**
 * Answers like the API server of a cluster that lets its caller read everything, so that
 * only the portal stands between a tenant and the namespaces of others.
 */
export class StandInCluster {
  static async start(): Promise<StandInCluster> {
    const cluster = new StandInCluster();
    await new Promise<void>(resolve => {
      cluster.#server.listen(0, '127.0.0.1', resolve);
    });
    return cluster;
  }

  /** What stands in all that lies in a namespace. */
  readonly words = new Map<string, string>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://cluster');
      const [, namespace, rest = ''] =
        /\/namespaces\/([^/]+)\/(.+)$/.exec(pathname) ?? [];
      // Whoever asks for the whole cluster gets the whole cluster.
      const found = namespace ? [namespace] : [...this.words.keys()];
      if (rest.endsWith('/log')) {
        response.writeHead(200, { 'content-type': 'text/plain' });
        response.end(`says ${this.words.get(namespace)}\n`);
        return;
      }
      const items = found.map(of => ({
        metadata: { name: 'pod', namespace: of },
        message: `seen ${this.words.get(of)}`,
      }));
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify(
          rest.includes('/') ? items[0] : { kind: 'PodList', items },
        ),
      );
    });
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://localhost:${port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => {
      this.#server.close(resolve);
    });
  }
}
