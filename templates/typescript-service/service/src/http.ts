import { randomUUID } from 'node:crypto';
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { type Logger } from './logger.js';
import { type Metrics } from './metrics.js';

const LARGEST_BODY_BYTES = 64 * 1024;

/** What a route answers: JSON, or text with a content type of its own. */
export interface Reply {
  status: number;
  body?: unknown;
  contentType?: string;
  headers?: Record<string, string>;
}

export interface RouteRequest {
  /** Values of the `{name}` parts of the path. */
  parameters: Record<string, string>;
  query: URLSearchParams;
  /** Reads and parses a JSON body of at most 64 KiB. */
  json(): Promise<unknown>;
}

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** As in the OpenAPI description, such as `/v1/things/{id}`. */
  path: string;
  handle(request: RouteRequest): Reply | Promise<Reply>;
}

/** A refusal that the caller is told about, as an RFC 9457 problem. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail?: string,
    readonly headers?: Record<string, string>,
  ) {
    super(detail ?? title);
    this.name = 'Problem';
  }

  toReply(requestId: string): Reply {
    return {
      status: this.status,
      contentType: 'application/problem+json',
      headers: this.headers,
      body: {
        title: this.title,
        status: this.status,
        detail: this.detail,
        requestId,
      },
    };
  }
}

/** Serves the routes with request ids, log lines, metrics, limits and time-outs. */
export function createHttpServer(options: {
  routes: Route[];
  logger: Logger;
  metrics: Metrics;
}): Server {
  const { logger, metrics } = options;
  const routes = options.routes.map(route => ({
    ...route,
    pattern: toPattern(route.path),
  }));

  async function answer(
    request: IncomingMessage,
    requestId: string,
  ): Promise<{ route: string; reply: Reply }> {
    let routeName = 'unknown';
    try {
      const url = parseUrl(request.url);
      const matching = routes.filter(route => route.pattern.test(url.pathname));
      routeName = matching[0]?.path ?? routeName;
      const route = matching.find(({ method }) => method === request.method);
      if (!route) {
        throw matching.length === 0
          ? new Problem(
              404,
              'Not found',
              `Nothing is served at ${url.pathname}.`,
            )
          : new Problem(405, 'Method not allowed', undefined, {
              allow: matching.map(({ method }) => method).join(', '),
            });
      }
      const reply = await route.handle({
        parameters: readParameters(route.pattern, url.pathname),
        query: url.searchParams,
        json: () => readJson(request),
      });
      return { route: routeName, reply };
    } catch (error) {
      if (error instanceof Problem) {
        return { route: routeName, reply: error.toReply(requestId) };
      }
      logger.log('error', 'A request failed.', {
        requestId,
        error: error instanceof Error ? error.stack : String(error),
      });
      const problem = new Problem(500, 'Internal error', 'The request failed.');
      return { route: routeName, reply: problem.toReply(requestId) };
    }
  }

  const server = createServer((request, response) => {
    const start = process.hrtime.bigint();
    const requestId = readRequestId(request);
    response.setHeader('x-request-id', requestId);
    metrics.started();
    response.once('close', () => metrics.ended());
    void answer(request, requestId).then(({ route, reply }) => {
      const seconds = Number(process.hrtime.bigint() - start) / 1e9;
      const method = request.method ?? 'GET';
      metrics.observe({ method, route, status: reply.status, seconds });
      logger.log('info', 'request', {
        requestId,
        method,
        route,
        status: reply.status,
        milliseconds: Math.round(seconds * 1e6) / 1e3,
      });
      send(response, reply);
    });
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  return server;
}

function toPattern(path: string): RegExp {
  const source = path
    .split('/')
    .map(part =>
      /^\{\w+\}$/.test(part)
        ? `(?<${part.slice(1, -1)}>[^/]+)`
        : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
    )
    .join('/');
  return new RegExp(`^${source}$`);
}

function readParameters(pattern: RegExp, path: string): Record<string, string> {
  const groups = pattern.exec(path)?.groups ?? {};
  try {
    return Object.fromEntries(
      Object.entries(groups).map(([name, text]) => [
        name,
        decodeURIComponent(text),
      ]),
    );
  } catch {
    throw new Problem(400, 'Bad request', 'The path is not well encoded.');
  }
}

function parseUrl(address: string | undefined): URL {
  try {
    return new URL(address ?? '/', 'http://service.invalid');
  } catch {
    throw new Problem(400, 'Bad request', 'The address is not well formed.');
  }
}

/** Takes over the caller's id where it is harmless, so that one id follows a call. */
function readRequestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[\w.-]{1,128}$/.test(given)
    ? given
    : randomUUID();
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const type = request.headers['content-type'] ?? '';
  if (!/^application\/json\b/i.test(type)) {
    throw new Problem(415, 'Unsupported media type', 'Send application/json.');
  }
  const body = await readBody(request);
  try {
    return JSON.parse(body);
  } catch {
    throw new Problem(400, 'Bad request', 'The body is not JSON.');
  }
}

function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= LARGEST_BODY_BYTES) {
        chunks.push(chunk);
        return;
      }
      // The rest is read and forgotten, so that the caller gets to see the answer.
      chunks.length = 0;
      reject(
        new Problem(
          413,
          'Content too large',
          `A body may have ${LARGEST_BODY_BYTES} bytes.`,
          { connection: 'close' },
        ),
      );
    });
    request.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.once('error', reject);
  });
}

function send(response: ServerResponse, reply: Reply): void {
  const { status, body, contentType = 'application/json' } = reply;
  response.statusCode = status;
  for (const [name, value] of Object.entries(reply.headers ?? {})) {
    response.setHeader(name, value);
  }
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('cache-control', 'no-store');
  if (body === undefined) {
    response.end();
    return;
  }
  response.setHeader('content-type', contentType);
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
