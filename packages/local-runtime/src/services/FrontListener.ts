import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { type ServiceTarget } from './askService';

/** What stands behind a front. */
export interface FrontBackend {
  /** Starts the service where it sleeps; a text says why it cannot be reached. */
  reach(): Promise<ServiceTarget | string>;
  /** Someone uses it. */
  touch(): void;
}

const MAX_CONNECTIONS = 200;

/**
 * The address of a component in an environment: passes connections on to the process,
 * which it has started when it sleeps. It looks at no byte, so everything over TCP works.
 */
export class FrontListener {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Connections to processes, and the port of each. */
  readonly #passedOn = new Map<Socket, number>();

  private constructor(private readonly backend: FrontBackend) {
    this.#server = createServer({ allowHalfOpen: true }, socket => {
      void this.#serve(socket);
    });
    this.#server.maxConnections = MAX_CONNECTIONS;
  }

  /** Listens, or throws the error of the system (`EADDRINUSE`). */
  static async listen(
    target: ServiceTarget,
    backend: FrontBackend,
  ): Promise<FrontListener> {
    const front = new FrontListener(backend);
    front.#server.listen(target.port, target.host);
    await once(front.#server, 'listening');
    // Such as too many open files: whoever connected tries again.
    front.#server.on('error', () => {});
    return front;
  }

  /**
   * Waits until nothing that was passed on to a process is open any more, at most
   * `limitMilliseconds`: a client may keep an idle connection for as long as it likes.
   */
  async drained(
    target: ServiceTarget,
    limitMilliseconds: number,
  ): Promise<void> {
    // Whoever was just told of the process connects to it first.
    await setImmediate();
    const open = [...this.#passedOn].filter(([, port]) => port === target.port);
    const limit = new AbortController();
    await Promise.race([
      Promise.all(
        open.map(([socket]) => new Promise(done => socket.once('close', done))),
      ),
      setTimeout(limitMilliseconds, undefined, { signal: limit.signal }).catch(
        () => {},
      ),
    ]);
    limit.abort();
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) {
      socket.destroy();
    }
    await closed;
  }

  async #serve(client: Socket): Promise<void> {
    this.#keep(client);
    const target = await this.backend.reach();
    if (client.destroyed) {
      return;
    }
    if (typeof target === 'string') {
      refuse(client, target);
      return;
    }
    const service = connect({ ...target, allowHalfOpen: true });
    this.#keep(service);
    this.#passedOn.set(service, target.port);
    service.once('close', () => this.#passedOn.delete(service));
    const touch = () => this.backend.touch();
    client.on('data', touch);
    service.on('data', touch);
    client.pipe(service);
    service.pipe(client);
    client.once('close', () => service.destroy());
    service.once('close', () => client.destroySoon());
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    // A broken connection is the other end's affair.
    socket.on('error', () => {});
    socket.once('close', () => this.#sockets.delete(socket));
  }
}

function refuse(client: Socket, message: string): void {
  const body = `${JSON.stringify({
    error: { name: 'ServiceUnavailableError', message },
  })}\n`;
  client.end(
    [
      'HTTP/1.1 503 Service Unavailable',
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(body)}`,
      'cache-control: no-store',
      'retry-after: 5',
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
  // Nobody reads what the client still says.
  client.resume();
}
