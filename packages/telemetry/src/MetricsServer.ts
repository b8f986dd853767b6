import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';

const REQUEST_LIMIT_MILLISECONDS = 10_000;

/** Serves `/metrics` on a port of its own, which is not the one of the portal. */
export class MetricsServer {
  /** @throws Error where the port cannot be listened on */
  static async start(
    listen: { port: number; host: string },
    source: {
      getMetricsRequestHandler(
        request: IncomingMessage,
        response: ServerResponse,
      ): void;
    },
  ): Promise<MetricsServer> {
    const server = createServer(
      { requestTimeout: REQUEST_LIMIT_MILLISECONDS },
      (request, response) => {
        const { pathname } = new URL(request.url ?? '/', 'http://localhost');
        if (request.method !== 'GET' || pathname !== '/metrics') {
          response.writeHead(404, { 'content-type': 'text/plain' });
          response.end('Metrics are at /metrics\n');
          return;
        }
        source.getMetricsRequestHandler(request, response);
      },
    );
    server.listen(listen.port, listen.host);
    try {
      await once(server, 'listening');
    } catch (error) {
      throw new Error(
        `The metrics cannot be served on ${listen.host}:${listen.port} (${error}): choose another portico.telemetry.metrics.port`,
      );
    }
    // Whoever scrapes must not keep the process alive.
    server.unref();
    return new MetricsServer(server);
  }

  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  get port(): number | undefined {
    const address = this.#server.address();
    return address !== null && typeof address === 'object'
      ? address.port
      : undefined;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
