import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { z } from 'zod';

const INSTANT = '2026-11-21T12:00:00Z';
const LONGEST_WAIT_MILLISECONDS = 5_000;
const statusQuerySchema = z.object({
  components: z.array(z.object({ tenant: z.string(), component: z.string() })),
});

/** The one run of a tenant, whose id tells nothing of whose it is. */
export function runIdOf(tenant: string): string {
  return `${createHash('sha256').update(tenant).digest('hex').slice(0, 24)}-1`;
}

interface TenantRuns {
  component: string;
  repository: string;
  /** What stands in runs and logs. */
  word: string;
}

/**
 * Answers like a local runtime that shows everybody's runs and services to whoever asks, so
 * that only the portal stands between tenants.
 */
export class StandInRuntime {
  static async start(): Promise<StandInRuntime> {
    const runtime = new StandInRuntime();
    await new Promise<void>(resolve => {
      runtime.#server.listen(0, '127.0.0.1', resolve);
    });
    return runtime;
  }

  readonly tenants = new Map<string, TenantRuns>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request).then(
        answer => {
          response.writeHead(answer === undefined ? 404 : 200, {
            'content-type': 'application/json',
          });
          response.end(
            JSON.stringify(
              answer ?? { error: { name: 'NotFoundError', message: 'None' } },
            ),
          );
        },
        () => response.writeHead(400).end(),
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

  async #answer(request: IncomingMessage): Promise<unknown> {
    const url = new URL(request.url ?? '/', 'http://runtime');
    const [, , what, ...rest] = url.pathname.split('/');
    switch (what) {
      case 'state':
        return {
          startedAt: INSTANT,
          runs: { running: 0, queued: 0 },
          services: {
            awake: 0,
            memoryBytes: 0,
            memoryLimitBytes: 1,
            idleSeconds: 60,
          },
        };
      case 'hints':
        return {};
      case 'releases': {
        // Nothing ever comes, as on a quiet day.
        await new Promise<void>(done => {
          setTimeout(done, LONGEST_WAIT_MILLISECONDS).unref();
        });
        const after = Number(url.searchParams.get('after'));
        return { journal: 'one', items: [], cursor: after };
      }
      case 'runs':
        return this.#runs(rest, url.searchParams.get('tenant') ?? '');
      case 'status': {
        const { components } = statusQuerySchema.parse(await bodyOf(request));
        return {
          items: components.map(({ tenant }) => this.#status(tenant)),
        };
      }
      case 'components':
        return this.#component(rest);
      default:
        return undefined;
    }
  }

  #runs([id, act]: string[], tenant: string): unknown {
    const owner = id
      ? [...this.tenants.keys()].find(other => runIdOf(other) === id)
      : tenant;
    const runs = owner === undefined ? undefined : this.tenants.get(owner);
    if (owner === undefined || !runs) {
      return id ? undefined : { items: [] };
    }
    const run = {
      id: runIdOf(owner),
      tenant: owner,
      repository: runs.repository,
      component: runs.component,
      branch: 'main',
      commit: {
        id: '0'.repeat(40),
        subject: runs.word,
        authorName: runs.word,
        committedAt: INSTANT,
      },
      attempt: 1,
      interruptions: 0,
      state: 'succeeded',
      steps: [],
      queuedAt: INSTANT,
    };
    if (act === 'log') {
      return { text: runs.word, nextOffset: 10, complete: true };
    }
    return id ? run : { items: [run] };
  }

  #component([tenant = '', , environment, act]: string[]): unknown {
    const word = this.tenants.get(tenant)?.word ?? '';
    const status = this.#status(tenant);
    if (environment === undefined) {
      return status;
    }
    switch (act) {
      case 'log':
        return {
          items: [{ number: 1, time: INSTANT, source: 'stdout', text: word }],
          cursor: 1,
        };
      case 'metrics':
        return { intervalSeconds: 5, samples: [] };
      default:
        return status.environments[0];
    }
  }

  #status(tenant: string) {
    const runs = this.tenants.get(tenant);
    return {
      tenant,
      component: runs?.component ?? 'none',
      environments: [
        {
          environment: 'dev',
          state: 'failed',
          since: INSTANT,
          reason: { code: 'internal', message: runs?.word ?? '' },
          address: 'http://127.0.0.1:20001',
          health: { live: 'unknown', ready: 'unknown' },
          restarts: 0,
        },
      ],
    };
  }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
  }
  return JSON.parse(text);
}
