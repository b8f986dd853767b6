import { kim, lena, twin } from '../__testUtils__/DeliveryPortal';
import {
  checkout,
  DeliveryScene,
  digestOf,
  reason,
} from '../__testUtils__/DeliveryScene';

const unknownId = '00000000-0000-4000-8000-000000000000';

jest.setTimeout(120_000);

describe('the routes of delivery', () => {
  let scene: DeliveryScene;

  beforeAll(async () => {
    scene = await DeliveryScene.start();
  });
  afterAll(() => scene?.stop());
  beforeEach(() => scene.portal.denied.clear());

  it('answers for another tenant’s things as for what is not there, and changes nothing', async () => {
    const { id, release } = await scene.waiting('2.0.0');
    const stop = await scene.post(kim, '/stops', {
      ...reason,
      environment: 'dev',
    });
    const drift = await scene.addDrift();
    const before = await scene.dump();
    const vote = { decision: 'approve', subject: digestOf('a') };
    const glass = { ...reason, gates: ['people'], ticket: 'INC-1' };
    const mute = {
      ...reason,
      until: new Date(scene.now().getTime() + 3_600_000).toISOString(),
    };
    const asked: Array<['get' | 'post', string, object?]> = [
      ['get', '/releases/<release>'],
      ['post', '/releases/<release>/reject', reason],
      ['get', '/promotions/<promotion>'],
      ['get', '/promotions/<promotion>/diff'],
      ['post', '/promotions/<promotion>/votes', vote],
      ['post', '/promotions/<promotion>/cancel', reason],
      ['post', '/promotions/<promotion>/break-glass', glass],
      ['post', '/promotions/<promotion>/break-glass/confirm', {}],
      [
        'post',
        '/promotions/<promotion>/break-glass/review',
        { finding: 'justified', comment: 'It was' },
      ],
      ['post', '/stops/<stop>/lift', {}],
      ['post', '/drift/<drift>/mute', mute],
      ['get', '/releases?component=<component>'],
      ['get', '/delivery?component=<component>'],
      ['get', '/promotions?component=<component>'],
      ['get', '/deployments?component=<component>'],
      ['get', '/drift?component=<component>'],
      ['get', '/figures?scope=<component>'],
      ['get', '/figures?scope=<group>'],
      ['get', '/diff?component=<component>&from=dev&to=prod'],
      [
        'post',
        '/releases',
        { content: { component: '<component>', version: '1', images: [] } },
      ],
      [
        'post',
        '/promotions',
        {
          component: '<component>',
          environment: 'prod',
          release: '<release>',
        },
      ],
      [
        'post',
        '/holds',
        { ...reason, component: '<component>', environment: 'dev' },
      ],
      [
        'post',
        '/holds/release',
        { ...reason, component: '<component>', environment: 'dev' },
      ],
    ];
    const there: Record<string, string> = {
      release: release.id,
      promotion: id,
      stop: stop.body.id,
      drift,
      component: checkout,
      group: 'group:aurora/shop',
    };
    const absent: Record<string, string> = {
      release: digestOf('0'),
      promotion: unknownId,
      stop: unknownId.replace(/0$/, '1'),
      drift: unknownId.replace(/0$/, '2'),
      component: 'component:nobody/nothing',
      group: 'group:nobody/nothing',
    };
    for (const [method, path, body] of asked) {
      for (const caller of [lena, twin]) {
        const answers = [];
        for (const things of [there, absent]) {
          const fill = (text: string) =>
            text.replace(/<(\w+)>/g, (_, name) => things[name] ?? '');
          const answer = await scene.portal.as(
            caller,
            method,
            fill(path),
            body && JSON.parse(fill(JSON.stringify(body))),
          );
          expect([path, answer.status]).toEqual([path, 404]);
          answers.push(
            Object.entries(things).reduce(
              (text, [name, value]) => text.split(value).join(`<${name}>`),
              String(answer.body.error.message),
            ),
          );
        }
        expect([path, answers[1]]).toEqual([path, answers[0]]);
      }
    }
    // A release of another tenant is none to promote in the own one.
    const stolen = await scene.post(lena, '/promotions', {
      component: 'component:borealis/ledger',
      environment: 'prod',
      release: release.id,
    });
    expect(stolen.status).toBe(404);
    expect(await scene.dump()).toBe(before);
    for (const path of ['/promotions', '/deployments', '/drift', '/board']) {
      expect((await scene.get(lena, path)).body.items).toEqual([]);
    }
  });

  it.each<['get' | 'post', string, object, string]>([
    ['get', '/releases?component=c', {}, 'read'],
    ['post', '/releases', {}, 'release.announce'],
    ['get', `/releases/${digestOf('0')}`, {}, 'read'],
    ['post', `/releases/${digestOf('0')}/reject`, {}, 'release.reject'],
    ['get', '/delivery', {}, 'read'],
    ['get', '/board', {}, 'read'],
    ['get', '/promotions', {}, 'read'],
    ['post', '/promotions', {}, 'request'],
    ['get', `/promotions/${unknownId}`, {}, 'read'],
    ['get', `/promotions/${unknownId}/diff`, {}, 'read'],
    ['post', `/promotions/${unknownId}/votes`, {}, 'vote'],
    ['post', `/promotions/${unknownId}/cancel`, {}, 'request'],
    ['post', `/promotions/${unknownId}/break-glass`, {}, 'override'],
    ['post', `/promotions/${unknownId}/break-glass/confirm`, {}, 'override'],
    ['post', `/promotions/${unknownId}/break-glass/review`, {}, 'override'],
    ['get', '/diff', {}, 'read'],
    ['get', '/deployments', {}, 'read'],
    ['get', '/windows', {}, 'read'],
    ['post', '/stops', {}, 'operate'],
    ['post', `/stops/${unknownId}/lift`, {}, 'operate'],
    ['post', '/holds', {}, 'operate'],
    ['post', '/holds/release', {}, 'operate'],
    ['get', '/drift', {}, 'read'],
    ['post', `/drift/${unknownId}/mute`, {}, 'operate'],
    ['get', '/figures', {}, 'read'],
    ['get', '/events', {}, 'read'],
  ])(
    'asks for a sign-in and a permission before %s %s',
    async (method, path, body, permission) => {
      expect(
        (await scene.portal.anonymous(method, path).send(body)).status,
      ).toBe(401);
      scene.portal.denied.add(`promotions.${permission}`);
      const answer = await scene.portal.as(kim, method, path, body);
      expect(answer.status).toBe(403);
      expect(answer.body.error.message).toBe(
        `You do not hold the permission promotions.${permission}; ask an administrator of aurora`,
      );
    },
  );

  it.each<['get' | 'post', string, object, string]>([
    ['get', '/releases', {}, '→ at component'],
    ['get', `/releases?component=${checkout}&limit=1000`, {}, '→ at limit'],
    [
      'get',
      `/releases?component=${checkout}&cursor=abc`,
      {},
      'cursor is wrong',
    ],
    ['post', '/releases', { content: {} }, '→ at content.component'],
    [
      'post',
      '/releases',
      { found: 'localRuntime' },
      'Unrecognized key: "found"',
    ],
    ['get', '/promotions?phase=odd', {}, '→ at phase'],
    ['get', '/promotions?cursor=WzFd', {}, 'cursor is wrong'],
    ['get', '/board?cursor=abc', {}, 'cursor is wrong'],
    ['post', '/promotions', { component: 'checkout' }, 'ref of a component'],
    ['post', '/stops', { reason: ' ' }, '→ at reason'],
    [
      'get',
      '/windows?from=2026-01-01T00:00:00Z&to=2029-01-01T00:00:00Z',
      {},
      'at most 400 days',
    ],
    ['get', '/figures?days=1', {}, '→ at days'],
    [
      'get',
      '/diff?component=component:aurora/checkout&from=A&to=B',
      {},
      '→ at from',
    ],
  ])('refuses %s %s with %j', async (method, path, body, message) => {
    const answer = await scene.portal.as(kim, method, path, body);
    expect(answer.status).toBe(400);
    expect(answer.body.error.message).toContain(message);
  });
});
