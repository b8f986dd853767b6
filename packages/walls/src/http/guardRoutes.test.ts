import { MiddlewareFactory } from '@backstage/backend-defaults/rootHttpRouter';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { NotAllowedError, NotFoundError } from '@backstage/errors';
import express from 'express';
import request from 'supertest';
import { type RouteCaller } from '../routes/Route';
import { RouteTable } from '../routes/RouteTable';
import { guardRoutes, hideOthers } from './guardRoutes';

const rows: Array<[string, RouteCaller]> = [
  ['/public', 'public'],
  ['/user', 'user'],
  ['/cookie', 'user-cookie'],
  ['/behalf', 'plugin-for-user'],
  ['/service', 'service'],
];

const table = new RouteTable({
  plugins: [
    {
      pluginId: 'probe',
      routes: [
        ...rows.map(([path, who]) => ({
          method: 'GET' as const,
          path,
          who: [who] as const,
        })),
        { method: 'GET', path: '/closed', who: 'closed', why: 'test' },
        { method: 'GET', path: '/open-tasks/:id', who: ['user'] },
        {
          method: 'GET',
          path: '/hidden-tasks/:id',
          who: ['user'],
          hidesOthers: true,
        },
      ],
    },
  ],
  everyPlugin: [],
  index: [],
});

/**
 * The guard by itself, without the gate in front of all plugins. Plugins that act for a user
 * are in `walls.test.ts`: the mocked services cannot tell them from the user.
 */
function createApp() {
  const options = {
    pluginId: 'probe',
    table,
    auth: mockServices.auth(),
    httpAuth: mockServices.httpAuth({
      defaultCredentials: mockCredentials.none(),
    }),
  };
  const router = express.Router();
  router.use(guardRoutes(options));
  router.get('/:kind-tasks/:id', (req, _res, next) => {
    next(
      req.params.id === 'unknown'
        ? new NotFoundError('no such task')
        : new NotAllowedError('not yours'),
    );
  });
  router.use((_req, res) => {
    res.json('reached');
  });
  router.use(hideOthers(options));
  const app = express();
  app.use('/api/probe', router);
  app.use(
    MiddlewareFactory.create({
      config: mockServices.rootConfig(),
      logger: mockServices.logger.mock(),
    }).error({ showStackTraces: false }),
  );
  return app;
}

describe('guardRoutes', () => {
  const app = createApp();
  const ask = async (path: string, authorization?: string) => {
    const asked = request(app).get(`/api/probe${path}`);
    return authorization ? asked.set('authorization', authorization) : asked;
  };

  it.each([
    ['/public', 200, 200, 200],
    ['/user', 401, 200, 403],
    ['/cookie', 401, 200, 403],
    ['/behalf', 401, 403, 403],
    ['/service', 401, 403, 200],
    ['/closed', 404, 404, 404],
    ['/unlisted', 404, 404, 404],
    ['/USER', 404, 404, 404],
    ['/user/', 404, 404, 404],
  ])(
    'lets to %s: nobody %d, a user %d, a service %d',
    async (path, nobody, user, service) => {
      expect(
        await Promise.all(
          [
            undefined,
            mockCredentials.user.header(),
            mockCredentials.service.header(),
          ].map(async header => (await ask(path, header)).status),
        ),
      ).toEqual([nobody, user, service]);
    },
  );

  it('takes the token of a cookie on cookie routes only', async () => {
    const cookie = mockCredentials.limitedUser.cookie();
    const withCookie = (path: string) =>
      request(app).get(`/api/probe${path}`).set('cookie', cookie);
    expect((await withCookie('/cookie')).status).toBe(200);
    expect((await withCookie('/user')).status).toBe(401);
  });

  it('hides what is somebody else’s where the row says so', async () => {
    const user = mockCredentials.user.header();
    const hidden = await ask('/hidden-tasks/other', user);
    expect(hidden.status).toBe(404);
    expect(hidden.body.error).toEqual(
      (await ask('/hidden-tasks/unknown', user)).body.error,
    );
    expect((await ask('/open-tasks/other', user)).status).toBe(403);
  });
});
