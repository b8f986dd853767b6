import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import {
  formatVerifierKey,
  introduceKey,
} from '@portico/plugin-audit-common/chain';
import { type TestChain } from '@portico/plugin-audit-common/testUtils';

/** What the server says in place of the truth. */
export interface Lies {
  /** Note of the newest checkpoint of a chain. */
  latest?: (chain: string) => string;
  /** Hashes of the proof of consistency. */
  proof?: (from: number, to: number) => string[] | Promise<string[]>;
  /** Chains that are left out of the list. */
  hidden?: string[];
  /** What an export consists of, and whether it is closed properly. */
  bundle?: { text: string; torn?: boolean };
}

/** A server that speaks the audit's API about chains in memory, truthfully or not. */
export class AuditServer {
  static async start(): Promise<AuditServer> {
    const server = createServer();
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return new AuditServer(server);
  }

  chains: TestChain[] = [];
  lies: Lies = {};
  /** Paths that were asked for. */
  readonly asked: string[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    server.on('request', (request, response) => {
      this.asked.push(request.url ?? '');
      const url = new URL(request.url ?? '', this.url);
      if (url.pathname === '/api/audit/export' && this.lies.bundle) {
        const { text, torn } = this.lies.bundle;
        response.write(text, () =>
          torn ? response.destroy() : response.end(),
        );
        return;
      }
      this.#answer(url).then(
        body => {
          response.statusCode = body === undefined ? 404 : 200;
          response.setHeader('content-type', 'application/json');
          response.end(
            JSON.stringify(body ?? { error: { message: 'no such chain' } }),
          );
        },
        error => response.destroy(error),
      );
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => {
      this.#server.close(resolve);
    });
  }

  async #answer({ pathname, searchParams }: URL): Promise<unknown> {
    const path = pathname.replace('/api/audit', '').split('/');
    if (pathname === '/api/audit/chains') {
      return this.#list();
    }
    const name = path[2];
    const chain = this.chains.find(candidate => candidate.chain === name);
    if (!chain) {
      return undefined;
    }
    if (path[1] === 'checkpoints' && path[3] === 'latest') {
      return this.#view(chain);
    }
    if (path.slice(3).join('/') === 'proofs/consistency') {
      const from = Number(searchParams.get('from'));
      const to = Number(searchParams.get('to'));
      const hashes = this.lies.proof
        ? await this.lies.proof(from, to)
        : await chain.consistency(from, to);
      return { chain: name, from, to, hashes };
    }
    return undefined;
  }

  #list() {
    const { hidden = [] } = this.lies;
    const { keys } = this.chains[0];
    return {
      items: this.chains
        .filter(({ chain }) => !hidden.includes(chain))
        .map(chain => ({
          chain: chain.chain,
          size: chain.size,
          oldest: 1,
          waiting: 0,
          anchors: [],
          ...(chain.size > 0 && { checkpoint: this.#view(chain) }),
        })),
      keys: keys.map(key => formatVerifierKey(key.verifier)).reverse(),
      introductions: keys
        .slice(1)
        .map((next, index) =>
          introduceKey({ previous: keys[index], next, time: new Date(0) }),
        ),
      origin: this.chains[0].origin,
    };
  }

  #view(chain: TestChain) {
    return {
      chain: chain.chain,
      size: chain.size,
      note: this.lies.latest?.(chain.chain) ?? chain.checkpoint(),
      createdAt: '2026-11-21T09:00:00.000Z',
    };
  }
}
