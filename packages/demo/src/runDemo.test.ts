import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { type AddressInfo } from 'node:net';
import { SmallDelivery } from './__testUtils__/SmallDelivery';
import { type DemoHistory } from './historyOf';
import { creatorOf, entityRefOf, organisations } from './organisations';
import { runDemo } from './runDemo';

// A run makes hundreds of requests, which take their time on a busy machine.
jest.setTimeout(60_000);

interface Call {
  method: string;
  path: string;
  body: unknown;
}
interface Task {
  id: string;
  status: string;
  createdBy: string;
  templateRef: string;
  spec: { parameters: Record<string, string> };
}

const templates = [
  ...new Set(
    organisations.flatMap(({ things }) =>
      things.map(({ template }) => `template/default/${template}`),
    ),
  ),
];
const components = organisations.flatMap(({ id, things }) =>
  things.map(thing => entityRefOf(id, thing).replace(':', '/')),
);

const promotions = organisations.flatMap(organisation =>
  organisation.promotions.map(promotion => ({ ...promotion, organisation })),
);

/** The golden path that a template's ref names. */
function templateIn(ref: string) {
  const found = organisations
    .flatMap(({ things }) => things)
    .find(({ template }) => ref === `template:default/${template}`);
  if (!found) {
    throw new Error(`${ref} is no template of the demo.`);
  }
  return found.template;
}

/** Keeps what a portal would keep, and answers as one. */
class SmallPortal {
  readonly writes: Call[] = [];
  readonly signIns: string[] = [];
  readonly tasks: Task[] = [];
  readonly entities = new Set(templates);
  readonly repositories = new Set<string>();
  readonly names = new Map<string, Map<string, object>>();
  readonly delivery = new SmallDelivery();
  failing: string | undefined;
  /** Names whose task ends only after this many looks at it. */
  looksUntilEnd = 1;
  expireTokens = false;
  readonly #server: Server;

  constructor() {
    this.#server = createServer(async (request, response) => {
      let text = '';
      for await (const chunk of request) {
        text += chunk;
      }
      const answer = this.#answer({
        method: request.method ?? '',
        path: request.url ?? '',
        body: text === '' ? undefined : JSON.parse(text),
        persona: request.headers['x-portico-persona'],
        token: request.headers.authorization,
      });
      response.statusCode = answer.status;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answer.body ?? null));
    });
  }

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #list(key: string) {
    const list = this.names.get(key) ?? new Map<string, object>();
    this.names.set(key, list);
    return list;
  }

  #answer(request: Call & { persona?: string | string[]; token?: string }): {
    status: number;
    body?: unknown;
  } {
    const { method, path, body } = request;
    if (path === '/api/auth/persona/refresh') {
      this.signIns.push(String(request.persona));
      return {
        status: 200,
        body: { backstageIdentity: { token: `${request.persona}` } },
      };
    }
    const userRef = request.token?.replace('Bearer ', '');
    if (!userRef || this.expireTokens) {
      this.expireTokens = false;
      return { status: 401, body: { error: { name: 'AuthenticationError' } } };
    }
    if (method !== 'GET') {
      this.writes.push({ method, path, body });
    }
    if (path.startsWith('/api/promotions/')) {
      return this.delivery.answer(method, path, body, userRef);
    }
    const [, tenant, list, name] =
      /^\/api\/tenancy\/tenants\/(\w+)\/(groups|members)\/?([\w-]*)$/.exec(
        path,
      ) ?? [];
    if (path.startsWith('/api/tenancy/')) {
      if (userRef !== 'user:default/pat') {
        return { status: 403, body: { error: { name: 'NotAllowedError' } } };
      }
      const key = list ? `${tenant}/${list}` : 'tenants';
      if (method === 'GET') {
        return {
          status: 200,
          body: { items: [...this.#list(key).values()] },
        };
      }
      const item = {
        tenant,
        name,
        type: 'team',
        roles: [],
        kind: 'person',
        createdAt: '2026-11-21T11:00:00Z',
        ...(body as { id: string }),
      };
      this.#list(key).set(list ? name : item.id, item);
      return { status: 201, body: item };
    }
    const [, entity] =
      /^\/api\/catalog\/entities\/by-name\/(.+)$/.exec(path) ?? [];
    if (entity) {
      return this.entities.has(entity)
        ? { status: 200, body: {} }
        : { status: 404, body: { error: { name: 'NotFoundError' } } };
    }
    return this.#answerScaffolder(request, userRef);
  }

  #answerScaffolder(
    { method, path, body }: Call,
    userRef: string,
  ): { status: number; body?: unknown } {
    const [, repository] =
      /^\/api\/git-host\/repositories\/(.+)$/.exec(path) ?? [];
    if (repository) {
      return this.repositories.has(repository)
        ? { status: 200, body: {} }
        : { status: 404, body: { error: { name: 'NotFoundError' } } };
    }
    const [, again] = /\/tasks\/([\w-]+)\/retry$/.exec(path) ?? [];
    if (again) {
      this.tasks
        .filter(({ id }) => id === again)
        .forEach(task => {
          task.status = 'open';
        });
      return { status: 201, body: { id: again } };
    }
    if (method === 'POST') {
      const id = `task-${this.tasks.length + 1}`;
      this.tasks.push({
        id,
        status: 'processing',
        createdBy: userRef,
        templateRef: (body as { templateRef: string }).templateRef,
        spec: {
          parameters: (body as { values: Task['spec']['parameters'] }).values,
        },
      });
      return { status: 201, body: { id } };
    }
    const [, id, events] = /\/tasks\/([\w-]+)(\/events)?$/.exec(path) ?? [];
    if (!id) {
      return {
        status: 200,
        body: { tasks: this.tasks.filter(task => task.createdBy === userRef) },
      };
    }
    const task = this.tasks.find(known => known.id === id);
    if (!task) {
      return { status: 404, body: {} };
    }
    if (events) {
      return {
        status: 200,
        body: [{ body: { message: 'The repository exists already.' } }],
      };
    }
    this.looksUntilEnd -= 1;
    if (this.looksUntilEnd <= 0) {
      const { name } = task.spec.parameters;
      task.status = name === this.failing ? 'failed' : 'completed';
      if (task.status === 'completed') {
        const tenant = /^user:(\w+)\//.exec(userRef)?.[1];
        const thing = { name, template: templateIn(task.templateRef) };
        this.entities.add(entityRefOf(String(tenant), thing).replace(':', '/'));
      }
    }
    return { status: 200, body: task };
  }
}

let portal: SmallPortal;
let baseUrl: string;

beforeEach(async () => {
  portal = new SmallPortal();
  baseUrl = await portal.start();
});

afterEach(async () => {
  await portal.stop();
});

it('makes tenants as the platform and components as developers, telling each', async () => {
  const told: string[] = [];
  const result = await runDemo({
    baseUrl,
    onProgress: text => told.push(text),
  });
  expect(result.existing).toEqual([]);
  expect([...portal.entities].sort()).toEqual(
    [...templates, ...components].sort(),
  );
  expect(new Set(portal.signIns)).toEqual(
    new Set([
      'user:default/pat',
      ...organisations.flatMap(organisation =>
        organisation.things.map(
          ({ owner }) =>
            `user:${organisation.id}/${creatorOf(organisation, owner)}`,
        ),
      ),
      ...promotions.flatMap(({ organisation, requestedBy, approvedBy }) =>
        [requestedBy, ...approvedBy, organisation.stop?.by]
          .filter(name => name !== undefined)
          .map(name => `user:${organisation.id}/${name}`),
      ),
    ]),
  );
  expect(portal.names.get('aurora/members')?.get('kim')).toMatchObject({
    displayName: 'Kim Nguyen',
    identity: { issuer: 'urn:portico:persona', subject: 'user:aurora/kim' },
  });
  expect(portal.tasks[0].spec.parameters.owner).toMatch(/^group:\w+\/\w+$/);
  expect(told).toHaveLength(
    organisations.length + components.length + promotions.length,
  );
});

it('changes nothing when it is run again', async () => {
  await runDemo({ baseUrl });
  portal.writes.length = 0;
  const told: string[] = [];
  const result = await runDemo({
    baseUrl,
    onProgress: text => told.push(text),
  });
  expect(portal.writes).toEqual([]);
  expect(told).toEqual([]);
  expect(result.created).toEqual([]);
  expect(result.existing).toHaveLength(
    organisations.length + components.length + promotions.length,
  );
});

it('has a promotion of each organisation asked for and approved, and one line stopped', async () => {
  portal.delivery.looksUntilRelease = 2;
  const counts: Array<{ tenant: string; done: number; total: number }> = [];
  await runDemo({ baseUrl, onCount: count => counts.push(count) });
  expect(
    [...portal.delivery.asked.values()]
      .map(({ promotion, votes }) => [
        promotion.component,
        promotion.environment,
        promotion.requestedBy,
        votes.map(({ voter, decision }) => `${voter} ${decision}`),
      ])
      .sort(),
  ).toEqual([
    [
      'component:aurora/order-intake',
      'prod',
      'user:aurora/mina',
      ['user:aurora/robin approve'],
    ],
    [
      'component:borealis/room-booking',
      'prod',
      'user:borealis/yusuf',
      ['user:borealis/carla approve'],
    ],
  ]);
  expect([...portal.delivery.stops]).toEqual([
    ['borealis', expect.objectContaining({ environment: 'prod' })],
  ]);
  for (const { id, things } of organisations) {
    const last = counts.filter(({ tenant }) => tenant === id).at(-1);
    expect(last).toEqual({
      tenant: id,
      done: things.length + 1,
      total: things.length + 1,
    });
  }

  // a line that somebody opened stays open
  portal.delivery.stops.clear();
  await runDemo({ baseUrl });
  expect(portal.delivery.stops.size).toBe(0);
});

it('has the past of each organisation made up, by people who could have', async () => {
  const told: string[] = [];
  const written: DemoHistory[] = [];
  const writeHistory = async (history: DemoHistory) => {
    written.push(history);
    return written.length <= organisations.length;
  };
  await runDemo({ baseUrl, writeHistory, onProgress: text => told.push(text) });
  expect(written.map(({ tenant }) => tenant)).toEqual(['aurora', 'borealis']);
  for (const { tenant, components: ofTenant } of written) {
    expect(ofTenant.length).toBeGreaterThan(7);
    for (const { ref, developers, approvers } of ofTenant) {
      expect(components).toContain(ref.replace(':', '/'));
      expect(developers).not.toEqual([]);
      // whoever writes code of it does not approve it
      expect(approvers.filter(one => !developers.includes(one))).not.toEqual(
        [],
      );
      expect([...developers, ...approvers].join()).toMatch(
        new RegExp(`^(user:${tenant}/\\w+,?)+$`),
      );
    }
  }
  const said = () => told.filter(text => text.includes('sample history'));
  expect(said()).toHaveLength(2);
  // a history that is there is not told again
  await runDemo({ baseUrl, writeHistory, onProgress: text => told.push(text) });
  expect(said()).toHaveLength(2);

  const failing = runDemo({
    baseUrl,
    writeHistory: async () => {
      throw new Error('The database rests');
    },
  });
  await expect(failing).rejects.toThrow(
    /aurora: sample history: The database rests/,
  );
});

it('adds only what is missing and leaves what somebody changed', async () => {
  await runDemo({ baseUrl });
  const people = portal.names.get('aurora/members');
  people?.set('kim', { ...people.get('kim'), displayName: 'Kim Tran' });
  people?.delete('vera');
  portal.entities.delete('component/borealis/room-booking');
  portal.writes.length = 0;
  const result = await runDemo({ baseUrl });
  expect(result.created).toEqual(['aurora', 'component:borealis/room-booking']);
  expect(portal.writes.map(({ path }) => path)).toEqual([
    '/api/tenancy/tenants/aurora/members/vera',
    '/api/scaffolder/v2/tasks',
  ]);
});

it('waits for the task of a run that was cut off instead of starting another', async () => {
  portal.tasks.push({
    id: 'task-of-the-killed-run',
    status: 'processing',
    createdBy: 'user:aurora/kim',
    templateRef: 'template:default/typescript-service',
    spec: { parameters: { name: 'order-intake' } },
  });
  portal.looksUntilEnd = 2;
  await runDemo({ baseUrl });
  expect(portal.tasks).toHaveLength(components.length);
});

it('goes on with a task that failed after it had made the repository', async () => {
  portal.tasks.push({
    id: 'task-that-failed',
    status: 'failed',
    createdBy: 'user:aurora/kim',
    templateRef: 'template:default/typescript-service',
    spec: { parameters: { name: 'order-intake' } },
  });
  portal.repositories.add('aurora/order-intake');
  await runDemo({ baseUrl });
  expect(portal.tasks).toHaveLength(components.length);
  expect(portal.tasks[0].status).toBe('completed');
});

it('tells the log of a task that failed, and makes the rest', async () => {
  portal.failing = 'order-intake';
  await expect(runDemo({ baseUrl })).rejects.toThrow(
    new RegExp(
      `^1 of .*\\naurora/order-intake: .*ended as "failed":\\nThe repository exists already`,
    ),
  );
  expect(portal.entities.size).toBe(templates.length + components.length - 1);
});

it('signs in again when a token ran out', async () => {
  portal.expireTokens = true;
  await runDemo({ baseUrl });
  expect(
    portal.signIns.filter(persona => persona === 'user:default/pat'),
  ).toHaveLength(2);
});

it('ends at once when it is told to', async () => {
  portal.looksUntilEnd = Infinity;
  const controller = new AbortController();
  const run = runDemo({
    baseUrl,
    signal: controller.signal,
    onProgress: () => controller.abort(),
  });
  await expect(run).rejects.toThrow(/abort/);
});
