import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import {
  AuthenticationError,
  ConflictError,
  InputError,
  NotFoundError,
} from '@backstage/errors';
import { type z, ZodError } from 'zod';
import { errorCode } from '../errorCode';

export interface RouteRequest {
  /** Values of the `:name` parts of the path. */
  parameters: Record<string, string>;
  query: Record<string, string>;
  /** The parsed body; undefined without one. */
  body: unknown;
  /** Aborts when the caller is gone. */
  signal: AbortSignal;
}

export interface Route {
  method: 'GET' | 'POST';
  path: string;
  /** 200 without it. */
  status?: number;
  /** The answer is held against it; without it there is none. */
  answers?: z.ZodType;
  handle(request: RouteRequest): Promise<unknown>;
}

const STATUSES = [
  [InputError, 400],
  [AuthenticationError, 401],
  [NotFoundError, 404],
  [ConflictError, 409],
] as const;
const MAX_BODY_BYTES = 256 * 1024;

/** Serves JSON to whoever has the token. */
export class JsonServer {
  readonly #server: Server;

  private constructor(
    private readonly routes: Route[],
    private readonly token: string,
  ) {
    this.#server = createServer((request, response) => {
      void this.#serve(request, response);
    });
    this.#server.headersTimeout = 10_000;
    this.#server.requestTimeout = 30_000;
  }

  static async listen(options: {
    host: string;
    port: number;
    token: string;
    routes: Route[];
  }): Promise<JsonServer> {
    const server = new JsonServer(options.routes, options.token);
    server.#server.listen(options.port, options.host);
    try {
      await once(server.#server, 'listening');
    } catch (error) {
      throw errorCode(error) === 'EADDRINUSE'
        ? new ConflictError(
            `Another program listens on ${options.host}:${options.port}: end it, or set PORTICO_RUNTIME_PORT.`,
          )
        : error;
    }
    // Such as too many open files: whoever asked asks again.
    server.#server.on('error', () => {});
    return server;
  }

  /** The port, of interest where 0 was asked for. */
  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    try {
      this.#authenticate(request);
      const url = new URL(request.url ?? '/', 'http://runtime.invalid');
      const { route, parameters } = this.#find(request.method, url.pathname);
      const answer = await route.handle({
        parameters,
        query: Object.fromEntries(url.searchParams),
        body: await readBody(request),
        signal: gone.signal,
      });
      // Strips what is undefined, and finds a slip of ours before others do.
      send(response, route.status ?? 200, route.answers?.parse(answer) ?? {});
    } catch (error) {
      const { status, name, message } = describe(error);
      send(response, status, { error: { name, message } });
    }
  }

  #authenticate(request: IncomingMessage): void {
    const given = /^Bearer (.+)$/.exec(
      request.headers.authorization ?? '',
    )?.[1];
    if (
      given === undefined ||
      !timingSafeEqual(digestOf(given), digestOf(this.token))
    ) {
      throw new AuthenticationError(
        'The local runtime needs the token of its portal.',
      );
    }
  }

  #find(
    method: string | undefined,
    path: string,
  ): { route: Route; parameters: Record<string, string> } {
    for (const route of this.routes) {
      const parameters = route.method === method && match(route.path, path);
      if (parameters) {
        return { route, parameters };
      }
    }
    throw new NotFoundError(`Nothing is served at ${method} ${path}.`);
  }
}

function match(
  pattern: string,
  path: string,
): Record<string, string> | undefined {
  const parts = pattern.split('/');
  const given = path.split('/');
  if (parts.length !== given.length) {
    return undefined;
  }
  const parameters: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    if (part.startsWith(':')) {
      // Names have no letter that would be encoded.
      parameters[part.slice(1)] = given[index];
    } else if (part !== given[index]) {
      return undefined;
    }
  }
  return parameters;
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  if (request.method !== 'POST') {
    return undefined;
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) {
      throw new InputError(`A body may have ${MAX_BODY_BYTES} bytes.`);
    }
    chunks.push(chunk);
  }
  if (bytes === 0) {
    return undefined;
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new InputError('The body is no JSON.');
  }
}

function describe(error: unknown): {
  status: number;
  name: string;
  message: string;
} {
  if (error instanceof ZodError) {
    const [issue] = error.issues;
    return {
      status: 400,
      name: 'InputError',
      message: `${issue.path.join('.') || 'The request'}: ${issue.message}`,
    };
  }
  const status = STATUSES.find(([type]) => error instanceof type)?.[1] ?? 500;
  return error instanceof Error && status < 500
    ? { status, name: error.name, message: error.message }
    : {
        status,
        name: 'InternalError',
        message: `The local runtime failed: ${
          error instanceof Error ? error.message : error
        }`,
      };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed) {
    return;
  }
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
  });
  response.end(JSON.stringify(body));
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
