import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo } from 'node:net';
import {
  type ComponentStatus,
  pushHintSchema,
  type Run,
  type RuntimeRelease,
  statusQuerySchema,
} from '@portico/plugin-local-runtime-common';

/** The HTTP API of the local runtime over what a test sets. */
export class FakeRuntime {
  static readonly token = 'the-token-of-the-test';

  /** The journal; more is seen by who waits. */
  readonly releases: RuntimeRelease[] = [];
  journal = 'journal-1';
  runs: Run[] = [];
  statuses: ComponentStatus[] = [];
  /** What was asked, as `GET /v1/state`. */
  readonly asked: string[] = [];
  readonly hints: Array<{ tenant: string; repository: string }> = [];
  /** Answers in place of the API, where a test sets it. */
  answer: ((response: ServerResponse) => void) | undefined;
  #server: Server | undefined;
  #port = 0;
  readonly #waiting = new Set<() => void>();

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Listens; on the same port as before after a stop. */
  async start(): Promise<void> {
    const server = createServer((request, response) => {
      this.#serve(request, response).catch(error => {
        send(response, 500, {
          error: { name: 'Error', message: String(error) },
        });
      });
    });
    this.#server = server;
    await new Promise<void>(done =>
      server.listen(this.#port, '127.0.0.1', done),
    );
    this.#port = (server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server) {
      const closed = new Promise(done => server.close(done));
      server.closeAllConnections();
      await closed;
    }
  }

  /** Announces a release. */
  release(release: Omit<RuntimeRelease, 'sequence'>): void {
    this.releases.push({ ...release, sequence: this.releases.length + 1 });
    this.wake();
  }

  /** Has everybody who waits look again. */
  wake(): void {
    this.#waiting.forEach(look => look());
  }

  async #serve(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const [, , what, ...rest] = url.pathname.split('/');
    if (request.headers.authorization !== `Bearer ${FakeRuntime.token}`) {
      send(response, 401, refusal('AuthenticationError'));
      return;
    }
    this.asked.push(`${request.method} ${url.pathname}`);
    if (this.answer) {
      this.answer(response);
      return;
    }
    switch (what) {
      case 'state':
        send(response, 200, {
          startedAt: '2026-11-21T12:00:00Z',
          runs: { running: 0, queued: 0 },
          services: {
            awake: 0,
            memoryBytes: 0,
            memoryLimitBytes: 1,
            idleSeconds: 60,
          },
        });
        return;
      case 'hints':
        this.hints.push(pushHintSchema.parse(await bodyOf(request)));
        send(response, 202);
        return;
      case 'releases':
        await this.#serveReleases(url, request, response);
        return;
      case 'runs':
        this.#serveRuns(url, rest, response);
        return;
      case 'status': {
        const { components } = statusQuerySchema.parse(await bodyOf(request));
        send(response, 200, {
          items: components.flatMap(
            ({ tenant, component }) => this.#status(tenant, component) ?? [],
          ),
        });
        return;
      }
      case 'components': {
        const [tenant = '', component = '', environment, act] = rest;
        const status = this.#status(tenant, component);
        const one = status?.environments.find(
          item => item.environment === environment,
        );
        const answers: Record<string, unknown> = {
          log: {
            items: [
              {
                number: 1,
                time: '2026-11-21T12:00:00Z',
                source: 'stdout',
                text: `a line of ${tenant}`,
              },
            ],
            cursor: 1,
          },
          metrics: { intervalSeconds: 5, samples: [] },
          wake: one,
          restart: one,
        };
        const answer = environment ? one && answers[act ?? ''] : status;
        send(response, answer ? 200 : 404, answer ?? refusal('NotFoundError'));
        return;
      }
      default:
        send(response, 404, refusal('NotFoundError'));
    }
  }

  #status(tenant: string, component: string) {
    return this.statuses.find(
      status => status.tenant === tenant && status.component === component,
    );
  }

  #serveRuns(url: URL, [id, act]: string[], response: ServerResponse): void {
    const run = this.runs.find(item => item.id === id);
    if (!id) {
      const tenant = url.searchParams.get('tenant');
      const of = (run1: Run) =>
        run1.component === url.searchParams.get('component') ||
        run1.repository === url.searchParams.get('repository');
      send(response, 200, {
        items: this.runs
          .filter(item => item.tenant === tenant && of(item))
          .slice(0, Number(url.searchParams.get('limit'))),
      });
    } else if (!run) {
      send(response, 404, refusal('NotFoundError'));
    } else if (act === 'log') {
      send(response, 200, {
        text: `the log of ${run.repository}`,
        nextOffset: 10,
        complete: true,
      });
    } else {
      send(response, act === 'repeat' ? 202 : 200, run);
    }
  }

  async #serveReleases(
    url: URL,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const after = Number(url.searchParams.get('after'));
    const items = () =>
      this.releases.filter(({ sequence }) => sequence > after);
    const journal = this.journal;
    if (url.searchParams.get('waitSeconds') !== '0') {
      await new Promise<void>(done => {
        const look = () => {
          if (items().length > 0 || this.journal !== journal) {
            this.#waiting.delete(look);
            done();
          }
        };
        this.#waiting.add(look);
        request.on('close', () => this.#waiting.delete(look));
        look();
      });
    }
    const page = items().slice(0, Number(url.searchParams.get('limit')));
    send(response, 200, {
      journal: this.journal,
      items: page,
      cursor: page.at(-1)?.sequence ?? after,
    });
  }
}

function refusal(name: string) {
  return { error: { name, message: 'There is no such thing' } };
}

function send(response: ServerResponse, status: number, body?: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(body === undefined ? '' : JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
  }
  return JSON.parse(text);
}
