import { type Entity } from '@backstage/catalog-model';
import { recordedActs } from '@portico/plugin-audit-node/testUtils';
import { RuntimePortal } from '../__testUtils__/RuntimePortal';
import { runIdOf, runOf, statusOf } from '../__testUtils__/samples';

jest.setTimeout(60_000);

const kim = 'user:aurora/kim';
const bob = 'user:borealis/bob';

const entityOf = (
  namespace: string,
  name: string,
  kind = 'Component',
): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind,
  metadata: { namespace, name },
});

describe('the routes of the local runtime', () => {
  let portal: RuntimePortal;

  beforeAll(async () => {
    portal = await RuntimePortal.start();
    portal.entities = [
      entityOf('aurora', 'checkout'),
      entityOf('aurora', 'checkout', 'API'),
      entityOf('aurora', 'unbuilt'),
      entityOf('borealis', 'secret'),
      entityOf('default', 'platform-service'),
    ];
    portal.runtime.statuses = [
      statusOf('aurora', 'checkout'),
      statusOf('aurora', 'unlisted'),
      statusOf('borealis', 'secret'),
      statusOf('default', 'platform-service'),
    ];
    portal.runtime.runs = [
      runOf('a'),
      // It failed before its component was known.
      runOf('b', { component: undefined }),
      runOf('c', { component: 'other', repository: 'other' }),
      runOf('d', {
        tenant: 'borealis',
        component: 'secret',
        repository: 'secret',
      }),
    ];
  });
  beforeEach(() => {
    portal.runtime.asked.length = 0;
    portal.runtime.answer = undefined;
    portal.denied.clear();
  });
  afterAll(() => portal?.stop());

  const checkout = '/entities/component/aurora/checkout';

  it.each([
    ['get', '/state', 200],
    ['get', `${checkout}/status`, 200],
    ['get', `${checkout}/runs`, 200],
    ['get', `${checkout}/runs/${runIdOf('a')}`, 200],
    ['get', `${checkout}/runs/${runIdOf('b')}/log?offset=0`, 200],
    ['post', `${checkout}/runs/${runIdOf('a')}/repeat`, 202],
    ['get', `${checkout}/environments/dev/log?after=3&limit=5`, 200],
    ['get', `${checkout}/environments/dev/metrics`, 200],
    ['post', `${checkout}/environments/dev/wake`, 200],
    ['post', `${checkout}/environments/dev/restart`, 200],
  ] as const)('%s %s answers the own tenant', async (method, path, status) => {
    const answer = await portal.as(kim, method, path);
    expect([answer.status, answer.body.error]).toEqual([status, undefined]);
  });

  const routes = [
    ['get', '/status'],
    ['get', '/runs'],
    ['get', `/runs/${runIdOf('d')}`],
    ['get', `/runs/${runIdOf('d')}/log`],
    ['post', `/runs/${runIdOf('d')}/repeat`],
    ['get', '/environments/dev/log'],
    ['get', '/environments/dev/metrics'],
    ['post', '/environments/dev/wake'],
    ['post', '/environments/dev/restart'],
  ] as const;

  it.each(routes)(
    '%s …%s of another tenant is answered like one that does not exist',
    async (method, path) => {
      const answers = [];
      for (const entity of ['component/borealis/secret', 'component/no/none']) {
        const { status, body } = await portal.as(
          kim,
          method,
          `/entities/${entity}${path}`,
        );
        answers.push([
          status,
          JSON.stringify(body)
            .replaceAll(entity, 'it')
            .replace(entity.replace('component/', 'component:'), 'it')
            .replace(encodeURIComponent(entity), 'it'),
        ]);
      }
      expect(answers[0][0]).toBe(404);
      expect(answers[0]).toEqual(answers[1]);
      // Nobody was asked.
      expect(portal.runtime.asked).toEqual([]);
    },
  );

  it.each([
    ['of another tenant', runIdOf('d')],
    ['of another component', runIdOf('c')],
    ['that does not exist', runIdOf('e')],
    ['that is none', 'x'],
  ])('shows no run %s under an own entity', async (_, id) => {
    for (const [method, path] of [
      ['get', `/runs/${id}`],
      ['get', `/runs/${id}/log`],
      ['post', `/runs/${id}/repeat`],
    ] as const) {
      const { status, body } = await portal.as(
        kim,
        method,
        `${checkout}${path}`,
      );
      // In the same words for each of them.
      expect([path, status, body.error.message]).toEqual([
        path,
        404,
        `There is no run ${id}`,
      ]);
    }
    expect(portal.runtime.asked).not.toContainEqual(
      expect.stringMatching(/log|repeat/),
    );
  });

  it.each([
    'component/aurora/none',
    'component/aurora/unlisted',
    'component/default/platform-service',
    'api/aurora/checkout',
    'component/aurora/..%2f..%2fborealis%2fsecret',
  ])('has nothing of %s', async entity => {
    const { status } = await portal.as(
      kim,
      'get',
      `/entities/${entity}/status`,
    );
    expect(status).toBe(404);
    expect(portal.runtime.asked).toEqual([]);
  });

  it('tells of many entities at once, and of those alone that are the own', async () => {
    const refs = [
      'component:aurora/checkout',
      'Component:aurora/Checkout',
      'component:aurora/unbuilt',
      'component:aurora/unlisted',
      'component:borealis/secret',
      'component:default/platform-service',
      'api:aurora/checkout',
      'nonsense::',
    ];
    const mine = await portal.as(kim, 'post', '/status', { entityRefs: refs });
    expect(mine.body).toEqual({
      items: [
        {
          entityRef: 'component:aurora/checkout',
          status: statusOf('aurora', 'checkout'),
        },
      ],
    });
    const others = await portal.as(bob, 'post', '/status', {
      entityRefs: refs,
    });
    expect(others.body.items).toMatchObject([
      { entityRef: 'component:borealis/secret' },
    ]);
    expect(JSON.stringify(others.body)).not.toContain('aurora');
    const none = await portal.as(kim, 'post', '/status', { entityRefs: [] });
    expect(none.body).toEqual({ items: [] });
  });

  it.each([
    ['post', '/status', { entityRefs: Array(201).fill('component:a/b') }],
    ['post', '/status', { wrong: true }],
    ['get', `${checkout}/runs?limit=1000`, undefined],
    ['get', `${checkout}/runs/${runIdOf('a')}/log?offset=-1`, undefined],
    ['get', `${checkout}/environments/dev/log?limit=100000`, undefined],
    ['get', `${checkout}/environments/D..V/log`, undefined],
  ] as const)('%s %s refuses what is malformed', async (method, path, body) => {
    const answer = await portal.as(kim, method, path, body);
    expect([answer.status, answer.body.error.name]).toEqual([
      400,
      'InputError',
    ]);
  });

  it.each([
    ['local-runtime.read', 'get', '/state'],
    ['local-runtime.read', 'post', '/status'],
    ['local-runtime.read', 'get', `${checkout}/status`],
    ['local-runtime.read', 'get', `${checkout}/runs`],
    ['local-runtime.read', 'get', `${checkout}/runs/${runIdOf('a')}`],
    ['local-runtime.read', 'get', `${checkout}/environments/dev/metrics`],
    ['local-runtime.log.read', 'get', `${checkout}/runs/${runIdOf('a')}/log`],
    ['local-runtime.log.read', 'get', `${checkout}/environments/dev/log`],
    [
      'local-runtime.operate',
      'post',
      `${checkout}/runs/${runIdOf('a')}/repeat`,
    ],
    ['local-runtime.operate', 'post', `${checkout}/environments/dev/wake`],
    ['local-runtime.operate', 'post', `${checkout}/environments/dev/restart`],
  ] as const)('needs %s for %s %s', async (permission, method, path) => {
    portal.denied.add(`${permission} of ${kim}`);
    const { status } = await portal.as(kim, method, path);
    expect(status).toBe(403);
    expect(portal.runtime.asked).toEqual([]);
  });

  it('records who wakes, restarts and repeats', async () => {
    const before = await recordedActs(portal.testDatabase.database);
    await portal.as(kim, 'post', `${checkout}/environments/dev/wake`);
    await portal.as(kim, 'post', `${checkout}/environments/dev/restart`);
    await portal.as(kim, 'post', `${checkout}/runs/${runIdOf('a')}/repeat`);
    const acts = await recordedActs(portal.testDatabase.database);
    expect(acts.slice(before.length)).toMatchObject(
      [
        ['local-runtime.service.wake', { environment: 'dev' }],
        ['local-runtime.service.restart', { environment: 'dev' }],
        ['local-runtime.run.repeat', { run: runIdOf('a') }],
      ].map(([act, details]) => ({
        act,
        details,
        chain: 'aurora',
        actor: { kind: 'person' },
        subject: { ref: 'component:aurora/checkout' },
      })),
    );
  });

  it.each([
    ['a redirect', 302, ''],
    ['an error', 500, '{"error":{"name":"Error","message":"out of disk"}}'],
    ['another form', 200, '{"tenant":1}'],
    ['no JSON', 200, '<html>'],
    ['too much', 200, `"${'x'.repeat(9 * 1024 * 1024)}"`],
  ])(
    'answers 503 when the runtime answers with %s',
    async (_, status, body) => {
      portal.runtime.answer = response => {
        response.writeHead(status, { location: 'http://127.0.0.1:1/' });
        response.end(body);
      };
      const answer = await portal.as(kim, 'get', `${checkout}/status`);
      expect([answer.status, answer.body.error.message]).toEqual([
        503,
        expect.stringMatching(/^The local runtime /),
      ]);
      expect(answer.text).not.toContain('the-token-of-the-test');
    },
  );

  it('tells on what the runtime refuses by its rules', async () => {
    portal.runtime.answer = response => {
      response.writeHead(409);
      response.end(
        '{"error":{"name":"ConflictError","message":"It runs already"}}',
      );
    };
    const { status, body } = await portal.as(kim, 'get', `${checkout}/runs`);
    expect([status, body.error.message]).toEqual([409, 'It runs already']);
  });

  it('says that the runtime is away, and knows when it is back', async () => {
    await portal.runtime.stop();
    const state = await portal.as(kim, 'get', '/state');
    expect(state.body).toEqual({
      availability: 'unreachable',
      message: expect.stringMatching(/does not answer .* \(ECONNREFUSED\)/),
    });
    const status = await portal.as(kim, 'get', `${checkout}/status`);
    expect(status.status).toBe(503);
    await portal.runtime.start();
    expect((await portal.as(kim, 'get', '/state')).body.availability).toBe(
      'available',
    );
  });
});

describe('a portal without a local runtime', () => {
  let portal: RuntimePortal;
  beforeAll(async () => {
    portal = await RuntimePortal.start({ isConfigured: false });
    portal.entities = [entityOf('aurora', 'checkout')];
  });
  afterAll(() => portal?.stop());

  it('says so, and has nothing', async () => {
    const state = await portal.as(kim, 'get', '/state');
    expect(state.body).toEqual({ availability: 'absent' });
    const { status } = await portal.as(
      kim,
      'get',
      '/entities/component/aurora/checkout/status',
    );
    expect(status).toBe(404);
  });
});
