import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo } from 'node:net';
import { z } from 'zod';
import { StandInRepository } from './StandInRepository';

/** What a route answers. */
export interface RouteAnswer {
  status: number;
  body?: unknown;
}

/** One operation of a vendor, under the vendor's own name of its path. */
export interface Route {
  method: string;
  template: string;
  query: readonly string[];
  body: z.ZodType | undefined;
  handle(request: {
    path: Record<string, string>;
    query: URLSearchParams;
    body: unknown;
    repository: StandInRepository;
    url: string;
  }): RouteAnswer;
}

/** A route; its body may have what the schema names and nothing else. */
export function route<T>(options: {
  method: string;
  template: string;
  query?: readonly string[];
  body?: z.ZodType<T>;
  handle(
    request: Omit<Parameters<Route['handle']>[0], 'body'> & { body: T },
  ): RouteAnswer;
}): Route {
  const { method, template, query = [], body, handle } = options;
  return {
    method,
    template,
    query,
    body,
    handle: request =>
      handle({ ...request, body: (body ?? z.any()).parse(request.body) }),
  };
}

/** How one kind of host speaks. */
export interface Dialect {
  /** Where its API begins. */
  prefix: string;
  /** Header and value that it wants. */
  credential: [header: string, value: (token: string) => string];
  routes: readonly Route[];
  /** Parts of paths that may hold slashes. */
  wide: readonly string[];
}

/** What happens to a request instead of an answer. */
export type Disturbance =
  | { status: number; headers?: OutgoingHttpHeaders; body?: string }
  | 'silence'
  /** Does what is asked, and then breaks off. */
  | 'lostAnswer';

/** A request that was understood, for holding it against the vendor's description. */
export interface Call {
  method: string;
  template: string;
  query: string[];
  body: unknown;
  answer: RouteAnswer;
}

/**
 * A Git host of one kind with one repository, `aurora/deployments`. It refuses paths,
 * parameters and members of bodies that it does not know, and requests without the token.
 */
export class StandInHost {
  static async start(dialect: Dialect): Promise<StandInHost> {
    const host = new StandInHost(dialect);
    await new Promise<void>(resolve =>
      host.#server.listen(0, '127.0.0.1', resolve),
    );
    return host;
  }

  readonly token = 'token-of-aurora';
  repository = new StandInRepository({ 'README.md': 'Deployments\n' });
  readonly calls: Call[] = [];
  /** What was wrong with requests. */
  readonly faults: string[] = [];
  readonly #dialect: Dialect;
  readonly #server: Server;
  #interruptions: Array<{ match: RegExp; act: () => void }> = [];
  #disturbances: Array<{ match: RegExp; by: Disturbance; times: number }> = [];

  private constructor(dialect: Dialect) {
    this.#dialect = dialect;
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch(error => {
        this.faults.push(String(error));
        request.socket.destroy();
      });
    });
  }

  get url(): string {
    // A bound server has an address of this kind.
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** A new repository, and nothing that is still to happen. */
  reset(files: Record<string, string>): StandInRepository {
    this.repository = new StandInRepository(files);
    this.#interruptions = [];
    this.#disturbances = [];
    return this.repository;
  }

  /** Does something right before the next request of `METHOD template` is answered. */
  before(match: RegExp, act: () => void): void {
    this.#interruptions.push({ match, act });
  }

  /** Disturbs requests of `METHOD template`. */
  disturb(match: RegExp, by: Disturbance, times = Infinity): void {
    this.#disturbances.push({ match, by, times });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  async #handle(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const text = await readAll(request);
    const method = request.method ?? '';
    const { pathname, searchParams } = new URL(request.url ?? '', this.url);
    const [header, value] = this.#dialect.credential;
    if (request.headers[header] !== value(this.token)) {
      reply(response, { status: 401, body: { message: 'Unauthorized' } });
      return;
    }
    const found = this.#find(method, pathname);
    if (!found) {
      this.#fault(response, `${method} ${pathname} is no operation`);
      return;
    }
    const { route: operation, path } = found;
    const name = `${method} ${operation.template}`;
    const unknown = [...searchParams.keys()].filter(
      key => !operation.query.includes(key),
    );
    if (unknown.length > 0) {
      this.#fault(response, `${name} has no parameter ${unknown.join(', ')}`);
      return;
    }
    const body = text === '' ? undefined : JSON.parse(text);
    const parsed = operation.body?.safeParse(body);
    if (parsed ? !parsed.success : body !== undefined) {
      this.#fault(response, `${name} takes another body: ${parsed?.error}`);
      return;
    }
    const interruption = this.#interruptions.find(({ match }) =>
      match.test(name),
    );
    if (interruption) {
      this.#interruptions = this.#interruptions.filter(
        one => one !== interruption,
      );
      interruption.act();
    }
    const disturbance = this.#disturbances.find(
      ({ match, times }) => times > 0 && match.test(name),
    );
    if (disturbance) {
      disturbance.times -= 1;
    }
    if (disturbance?.by === 'silence') {
      return;
    }
    if (typeof disturbance?.by === 'object') {
      const { status, headers, body: says = '' } = disturbance.by;
      response.writeHead(status, headers).end(says);
      return;
    }
    const answer = operation.handle({
      path,
      query: searchParams,
      body,
      repository: this.repository,
      url: this.url,
    });
    this.calls.push({
      method,
      template: operation.template,
      query: [...searchParams.keys()],
      body,
      answer,
    });
    if (disturbance?.by === 'lostAnswer') {
      request.socket.destroy();
      return;
    }
    reply(response, answer);
  }

  #find(method: string, pathname: string) {
    const { prefix, routes, wide } = this.#dialect;
    for (const candidate of routes) {
      const names: string[] = [];
      const pattern = candidate.template.replace(
        /\{(\w+)\}/g,
        (_, name: string) => {
          names.push(name);
          return wide.includes(name) ? '(.+)' : '([^/]+)';
        },
      );
      const match = new RegExp(`^${prefix}${pattern}$`).exec(pathname);
      if (candidate.method === method && match) {
        return {
          route: candidate,
          path: Object.fromEntries(
            names.map((name, index) => [
              name,
              decodeURIComponent(match[index + 1] ?? ''),
            ]),
          ),
        };
      }
    }
    return undefined;
  }

  #fault(response: ServerResponse, fault: string): void {
    this.faults.push(fault);
    reply(response, { status: 400, body: { message: fault } });
  }
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function reply(response: ServerResponse, { status, body }: RouteAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body === undefined ? '' : JSON.stringify(body));
}
