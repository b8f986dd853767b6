import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';

/** What a cluster was asked. */
export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  token: string;
}

/** Answers like the API server of a cluster, to any question, and notes each. */
export class FakeCluster {
  static async start(): Promise<FakeCluster> {
    const cluster = new FakeCluster();
    await new Promise<void>(resolve => {
      cluster.#server.listen(0, '127.0.0.1', resolve);
    });
    return cluster;
  }

  readonly asked: Asked[] = [];
  /** The log of every container. */
  log = 'ready\n';
  /** Answers with this instead. */
  status = 200;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      const asked = this.#note(request);
      const { status, type, body } = this.#answer(asked);
      response.writeHead(status, { 'content-type': type });
      response.end(body);
    });
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/behind/a/prefix`;
  }

  /** Paths that were asked for, without the prefix of the address. */
  get paths(): string[] {
    return this.asked.map(({ path }) => path);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => {
      this.#server.close(resolve);
    });
  }

  #note(request: IncomingMessage): Asked {
    const url = new URL(request.url ?? '/', 'http://cluster');
    const asked = {
      method: request.method ?? '',
      path: url.pathname.replace('/behind/a/prefix', ''),
      query: url.searchParams,
      token: request.headers.authorization ?? '',
    };
    this.asked.push(asked);
    return asked;
  }

  #answer({ path }: Asked) {
    const json = 'application/json';
    if (this.status !== 200) {
      return { status: this.status, type: json, body: '{"kind":"Status"}' };
    }
    // Whoever asks for the whole cluster gets the whole cluster.
    const [, namespace = 'kube-system', rest = 'pods'] =
      /\/namespaces\/([^/]+)\/(.+)$/.exec(path) ?? [];
    if (rest.endsWith('/log')) {
      return { status: 200, type: 'text/plain', body: this.log };
    }
    const item = {
      metadata: {
        name: `${namespace}-canary`,
        namespace,
        managedFields: [{ manager: 'noise' }],
      },
      spec: {
        containers: [
          {
            name: 'main',
            env: [
              { name: 'DB_PASSWORD', value: 'canary-password' },
              { name: 'MODE', value: 'fast' },
            ],
          },
        ],
      },
      message: 'failed with password=canary-password',
    };
    const isOne = rest.includes('/');
    return {
      status: 200,
      type: json,
      body: JSON.stringify(isOne ? item : { kind: 'PodList', items: [item] }),
    };
  }
}
