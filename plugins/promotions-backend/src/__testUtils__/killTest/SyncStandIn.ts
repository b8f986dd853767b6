import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';

/** A system that syncs: it tells what it was asked for by its key, and counts. */
export class SyncStandIn {
  readonly #counts = new Map<string, number>();
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      const key = decodeURIComponent((request.url ?? '/').slice(1));
      request.resume();
      if (request.method === 'POST') {
        this.#counts.set(key, this.countOf(key) + 1);
      }
      response.writeHead(this.countOf(key) > 0 ? 200 : 404);
      response.end();
    });
  }

  /** How often it was asked to act. */
  countOf(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  async start(): Promise<string> {
    await new Promise<void>(done => this.#server.listen(0, '127.0.0.1', done));
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(done => this.#server.close(done));
  }
}
