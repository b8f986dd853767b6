import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { z } from 'zod';
import { type StandInRollout } from './StandInRollout';
import { VendorDescription } from './VendorDescription';

const PATH = /^\/api\/v1\/applications\/([^/]+)(\/[a-z0-9/-]+)?$/;
const syncSchema = z.object({
  revision: z.string().optional(),
  project: z.string().optional(),
  infos: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
});

const actionSchema = z.object({
  action: z.string().default(''),
  kind: z.string().optional(),
  namespace: z.string().optional(),
  resourceName: z.string().optional(),
});

/** Answers of Argo CD 3.2.6, as it gave them. */
export const recordedErrors = {
  permissionDenied: {
    status: 403,
    body: { error: 'permission denied', code: 7, message: 'permission denied' },
  },
  unauthenticated: {
    status: 401,
    body: {
      error: 'invalid session: token signature is invalid',
      code: 16,
      message: 'invalid session: token signature is invalid',
    },
  },
} as const;

/** Where Argo CD 3.2.6 says why a sync failed; its own message only says that it did. */
const failedResource = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  namespace: 'kube-system',
  name: 'foreign',
  status: 'SyncFailed',
  message: "namespace kube-system is not permitted in project 'aurora'",
  syncPhase: 'Sync',
};

/** An application as the stand-in keeps it. */
export interface StandInApplication {
  project: string;
  automated: boolean;
  targetRevision: string;
  sync: 'Synced' | 'OutOfSync';
  revision: string;
  health: string;
  images: string[];
  resources: Array<Record<string, unknown>>;
  operation: Record<string, unknown> | undefined;
  operationState: Record<string, unknown> | undefined;
  managed: Array<Record<string, unknown>>;
  rollout: StandInRollout | undefined;
}

/** What happens to the next request instead of an answer. */
export type Disturbance =
  | { answer: { status: number; body: object | string } }
  | { silence: true }
  /** Does what is asked, and then breaks off. */
  | { lostAnswer: true };

/**
 * An Argo CD that knows applications of projects. It refuses what the vendor does not
 * describe (paths, parameters, members of bodies) and requests without the token, and checks
 * its own answers in the same way.
 */
export class ArgoCdStandIn {
  static async start(): Promise<ArgoCdStandIn> {
    const standIn = new ArgoCdStandIn();
    await new Promise<void>(resolve =>
      standIn.#server.listen(0, '127.0.0.1', resolve),
    );
    return standIn;
  }

  readonly token = 'token-of-aurora';
  readonly applications = new Map<string, StandInApplication>();
  /** Requests that came, and what was wrong with them. */
  readonly requests: string[] = [];
  readonly faults: string[] = [];
  canSync = true;
  readonly #disturbances: Array<{ method: string } & Disturbance> = [];
  readonly #description = VendorDescription.read();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#handle(request).then(
        answer => {
          if (answer === 'silence') {
            return;
          }
          if (answer === 'broken') {
            request.socket.destroy();
            return;
          }
          response.writeHead(answer.status, {
            'content-type': 'application/json',
          });
          response.end(
            typeof answer.body === 'string'
              ? answer.body
              : JSON.stringify(answer.body),
          );
        },
        error => {
          this.faults.push(String(error));
          request.socket.destroy();
        },
      );
    });
  }

  get url(): string {
    // A bound server has an address of this kind.
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  /** Whether requests are held against the vendor's description. */
  get isStrict(): boolean {
    return this.#description !== undefined;
  }

  /** Disturbs the next requests of a method. */
  disturb(method: 'GET' | 'POST', ...disturbances: Disturbance[]): void {
    this.#disturbances.push(...disturbances.map(item => ({ method, ...item })));
  }

  add(name: string, application: Partial<StandInApplication> = {}) {
    const added: StandInApplication = {
      project: 'aurora',
      automated: false,
      targetRevision: 'main',
      sync: 'OutOfSync',
      revision: '0'.repeat(40),
      health: 'Healthy',
      images: [],
      resources: [],
      operation: undefined,
      operationState: undefined,
      managed: [],
      rollout: undefined,
      ...application,
    };
    this.applications.set(name, added);
    return added;
  }

  /** Begins the operation that was asked for. */
  begin(name: string): void {
    const application = this.#get(name);
    application.operationState = {
      phase: 'Running',
      startedAt: '2026-11-21T12:00:00Z',
      message: 'waiting for healthy state of apps/Deployment/checkout',
      operation: application.operation,
    };
    application.operation = undefined;
  }

  /** Ends the operation that runs. */
  end(name: string, phase: string, more: Partial<StandInApplication> = {}) {
    const application = this.#get(name);
    const operation = z
      .object({ sync: z.object({ revision: z.string() }) })
      .parse(application.operationState?.operation);
    application.operationState = {
      ...application.operationState,
      phase,
      message:
        phase === 'Succeeded'
          ? 'successfully synced (all tasks run)'
          : 'one or more synchronization tasks are not valid',
      finishedAt: '2026-11-21T12:00:09Z',
      syncResult: {
        revision: operation.sync.revision,
        resources: phase === 'Succeeded' ? [] : [failedResource],
        source: { repoURL: 'http://git.example/x.git' },
      },
    };
    if (phase === 'Succeeded') {
      application.sync = 'Synced';
      application.revision = operation.sync.revision;
    }
    Object.assign(application, more);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  #get(name: string): StandInApplication {
    const application = this.applications.get(name);
    if (!application) {
      throw new Error(`The stand-in has no application ${name}`);
    }
    return application;
  }

  async #handle(
    request: IncomingMessage,
  ): Promise<{ status: number; body: object | string } | 'silence' | 'broken'> {
    const method = request.method ?? '';
    const url = new URL(request.url ?? '', this.url);
    const body = await textOf(request);
    this.requests.push(`${method} ${url.pathname}${url.search}`);
    const index = this.#disturbances.findIndex(
      disturbance => disturbance.method === method,
    );
    const [disturbance] = index < 0 ? [] : this.#disturbances.splice(index, 1);
    if (disturbance && 'silence' in disturbance) {
      return 'silence';
    }
    if (disturbance && 'answer' in disturbance) {
      return disturbance.answer;
    }
    if (request.headers.authorization !== `Bearer ${this.token}`) {
      return recordedErrors.unauthenticated;
    }
    const operation = this.#description?.operation(method, url.pathname);
    if (this.#description && !operation) {
      return this.#fault(`${method} ${url.pathname} is not described`);
    }
    if (operation) {
      for (const name of url.searchParams.keys()) {
        if (!operation.query.has(name)) {
          return this.#fault(`${operation.name} has no parameter ${name}`);
        }
      }
      if (body !== '' && !operation.checkBody?.(JSON.parse(body))) {
        return this.#fault(
          `${operation.name}: ${JSON.stringify(operation.checkBody?.errors)}`,
        );
      }
    }
    const answer = this.#answer(method, url, body);
    const check = operation?.checkAnswer(answer.status);
    if (check && !check(answer.body)) {
      throw new Error(
        `${operation?.name} answers wrong: ${JSON.stringify(check.errors)}`,
      );
    }
    return disturbance && 'lostAnswer' in disturbance ? 'broken' : answer;
  }

  #fault(text: string) {
    this.faults.push(text);
    return { status: 400, body: { error: text, code: 3, message: text } };
  }

  #answer(
    method: string,
    url: URL,
    body: string,
  ): { status: number; body: object } {
    const [, name = '', action] = PATH.exec(url.pathname) ?? [];
    const application = this.applications.get(decodeURIComponent(name));
    const sync = syncSchema.parse(body === '' ? {} : JSON.parse(body));
    const project = url.searchParams.get('project') ?? sync.project;
    if (!application || application.project !== project) {
      return recordedErrors.permissionDenied;
    }
    switch (`${method} ${action ?? ''}`) {
      case 'GET ':
        return { status: 200, body: toBody(name, application) };
      case 'GET /syncwindows':
        return {
          status: 200,
          body: this.canSync
            ? { canSync: true }
            : {
                activeWindows: [
                  {
                    kind: 'deny',
                    schedule: '0 22 * * *',
                    duration: '8h',
                    manualSync: false,
                  },
                ],
                assignedWindows: [],
                canSync: false,
              },
        };
      case 'GET /managed-resources':
        return { status: 200, body: { items: application.managed } };
      case 'GET /resource':
        return resourceOf(application, {
          kind: url.searchParams.get('kind') ?? '',
          namespace: url.searchParams.get('namespace') ?? '',
          resourceName: url.searchParams.get('resourceName') ?? '',
        });
      case 'POST /resource/actions/v2':
        return runAction(application, actionSchema.parse(JSON.parse(body)));
      case 'POST /sync':
        return this.#sync(name, application, sync);
      default:
        throw new Error(`The stand-in does not do ${method} ${action}`);
    }
  }

  #sync(
    name: string,
    application: StandInApplication,
    { revision, infos }: z.infer<typeof syncSchema>,
  ) {
    const refuse = (text: string) => ({
      status: 400,
      body: { error: text, code: 9, message: text },
    });
    if (
      application.automated &&
      revision &&
      revision !== application.targetRevision
    ) {
      return refuse(
        `Cannot sync to ${revision}: auto-sync currently set to ${application.targetRevision}`,
      );
    }
    if (
      application.operation ||
      application.operationState?.phase === 'Running'
    ) {
      return refuse('another operation is already in progress');
    }
    application.operation = {
      sync: { revision: revision ?? '' },
      info: infos ?? [],
      initiatedBy: { username: 'aurora' },
    };
    return { status: 200, body: toBody(name, application) };
  }
}

function rolloutOf(
  { rollout }: StandInApplication,
  {
    kind,
    namespace,
    resourceName,
  }: Omit<z.infer<typeof actionSchema>, 'action'>,
): StandInRollout | undefined {
  return kind === 'Rollout' &&
    namespace === rollout?.namespace &&
    resourceName === rollout?.name
    ? rollout
    : undefined;
}

/** For what an application does not hold Argo CD says that it is denied, too. */
function resourceOf(
  application: StandInApplication,
  named: Omit<z.infer<typeof actionSchema>, 'action'>,
) {
  const rollout = rolloutOf(application, named);
  return rollout
    ? { status: 200, body: { manifest: JSON.stringify(rollout.manifest) } }
    : recordedErrors.permissionDenied;
}

function runAction(
  application: StandInApplication,
  { action, ...named }: z.infer<typeof actionSchema>,
) {
  const rollout = rolloutOf(application, named);
  return rollout?.run(action)
    ? { status: 200, body: {} }
    : recordedErrors.permissionDenied;
}

function toBody(name: string, application: StandInApplication): object {
  return {
    metadata: { name, namespace: 'argocd' },
    spec: {
      project: application.project,
      destination: { server: 'https://cluster.example', namespace: 'shop' },
      source: {
        repoURL: 'http://git.example/x.git',
        targetRevision: application.targetRevision,
      },
      ...(application.automated && { syncPolicy: { automated: {} } }),
    },
    ...(application.operation && { operation: application.operation }),
    status: {
      sync: { status: application.sync, revision: application.revision },
      health: { status: application.health },
      summary: { images: application.images },
      resources: [
        ...application.resources,
        ...(application.rollout ? [application.rollout.resource] : []),
      ],
      reconciledAt: '2026-11-21T11:59:00Z',
      ...(application.operationState && {
        operationState: application.operationState,
      }),
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks).toString('utf8');
}
