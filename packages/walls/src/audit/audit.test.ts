import express from 'express';
import {
  createBackendModule,
  coreServices,
} from '@backstage/backend-plugin-api';
import { mockServices } from '@backstage/backend-test-utils';
import { NotAllowedError } from '@backstage/errors';
import { personal } from '@portico/plugin-audit-common';
import { recordedActs } from '@portico/plugin-audit-node/testUtils';
import request from 'supertest';
import { rawRequest } from '../__testUtils__/rawRequest';
import { TestPortal } from '../__testUtils__/TestPortal';
import { giveRequestId } from '../http/giveRequestId';
import { logRequests, tellTenant } from '../http/logRequests';
import { porticoRoutes } from '../routes/porticoRoutes';
import { type Route } from '../routes/Route';
import { RouteTable } from '../routes/RouteTable';

jest.setTimeout(120_000);

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const probeRoutes: Route[] = [
  { method: 'GET', path: '/probe/who', who: ['public'] },
  { method: 'GET', path: '/probe/refused', who: ['user'] },
  {
    method: 'POST',
    path: '/probe/refused/:thing',
    who: ['user'],
    records: ['probe.thing.change'],
  },
  {
    method: 'POST',
    path: '/probe/hidden',
    who: ['user'],
    hidesOthers: true,
    records: ['probe.thing.change'],
  },
  {
    method: 'POST',
    path: '/probe/services',
    who: ['service'],
    unrecorded: 'For the test.',
  },
];

const probe = createBackendModule({
  pluginId: 'user-settings',
  moduleId: 'probe',
  register(env) {
    env.registerInit({
      deps: { httpRouter: coreServices.httpRouter },
      async init({ httpRouter }) {
        const router = express.Router();
        httpRouter.addAuthPolicy({
          path: '/probe/who',
          allow: 'unauthenticated',
        });
        router.get('/probe/who', (req, res) => {
          res.json({ id: req.header('x-request-id') });
        });
        router.use('/probe', (_req, _res, next) => {
          next(
            Object.assign(new NotAllowedError('Not yours'), {
              permission: 'probe.thing.change',
            }),
          );
        });
        httpRouter.use(router);
      },
    });
  },
});

describe('the walls and the audit', () => {
  let portal: TestPortal;
  beforeAll(async () => {
    portal = await TestPortal.start({
      chainsActs: false,
      table: new RouteTable({
        plugins: porticoRoutes.pluginIds.map(pluginId => ({
          pluginId,
          routes: [
            ...(pluginId === 'user-settings' ? probeRoutes : []),
            ...porticoRoutes
              .openRoutes()
              .filter(row => row.pluginId === pluginId)
              .map(({ route }) => route),
          ],
        })),
        everyPlugin: [],
        index: [{ method: 'GET', path: '/*', who: ['public'] }],
      }),
      features: [probe],
    });
  });
  afterAll(() => portal?.stop());

  const refusals = () =>
    recordedActs(portal.database.database, 'access.request.refuse');

  it('give each request an id of its own, whatever the caller sends', async () => {
    const ids = new Set<string>();
    for (const path of [
      '/',
      '/some/page',
      '/api/user-settings/probe/who',
      '/api/user-settings/probe/nothing',
      '/api/catalog/locations',
      '/.backstage/health/v1/readiness',
      '/%2e%2e/etc',
    ]) {
      const answer = await request(portal.url)
        .get(path)
        .set('x-request-id', 'mine');
      expect([path, answer.headers['x-request-id']]).toEqual([
        path,
        expect.stringMatching(UUID),
      ]);
      ids.add(answer.headers['x-request-id']);
    }
    expect(ids.size).toBe(7);
    const who = await request(portal.url).get('/api/user-settings/probe/who');
    expect(who.body.id).toBe(who.headers['x-request-id']);
    const twice = await rawRequest(portal.url, {
      path: '/api/user-settings/probe/who',
      headers: { 'x-request-id': 'mine', 'X-Request-Id': 'and mine' },
    });
    expect(JSON.parse(twice.body).id).toMatch(UUID);
  });

  it('record what a signed-in caller was refused, before the answer', async () => {
    const kim = portal.as(await portal.signIn('user:aurora/kim'));
    const answer = await kim
      .post('/api/user-settings/probe/refused/1?secret=2')
      .send({});
    expect(answer.status).toBe(403);
    await expect(refusals()).resolves.toEqual([
      {
        chain: 'aurora',
        act: 'access.request.refuse',
        severity: 'medium',
        outcome: 'refused',
        actor: {
          kind: 'person',
          ref: personal('user:aurora/kim', 'user:aurora/kim'),
        },
        requestId: answer.headers['x-request-id'],
        sourceAddress: personal(
          'user:aurora/kim',
          expect.stringMatching(/127\.0\.0\.1$/) as unknown as string,
        ),
        subject: {
          kind: 'route',
          ref: 'POST /api/user-settings/probe/refused/:thing',
        },
        reason: personal('user:aurora/kim', 'Not yours'),
        details: {
          method: 'POST',
          route: '/api/user-settings/probe/refused/:thing',
          permission: 'probe.thing.change',
        },
      },
    ]);
    const service = await kim
      .post('/api/user-settings/probe/services')
      .send({});
    expect(service.status).toBe(403);
    await expect(refusals()).resolves.toHaveLength(2);
  });

  it('record neither reading, nor what is hidden, nor somebody unknown', async () => {
    const before = await refusals();
    const kim = portal.as(await portal.signIn('user:aurora/kim'));
    const statuses = [
      await kim.get('/api/user-settings/probe/refused'),
      await kim.post('/api/user-settings/probe/hidden').send({}),
      await portal
        .anonymous()
        .post('/api/user-settings/probe/refused/1')
        .send({}),
      await portal
        .as('no token')
        .post('/api/user-settings/probe/refused/1')
        .send({}),
    ].map(({ status }) => status);
    expect(statuses).toEqual([403, 404, 401, 401]);
    await expect(refusals()).resolves.toEqual(before);
  });
});

describe('the log of requests', () => {
  it('holds id and tenant, and neither query nor caller', async () => {
    const logger = mockServices.logger.mock();
    logger.child.mockReturnValue(logger);
    const app = express();
    app.use(giveRequestId);
    app.use(logRequests(logger));
    app.use((req, res) => {
      tellTenant(res, 'aurora');
      res.json(req.originalUrl);
    });
    const answer = await request(app)
      .get('/api/auth/oidc/handler/frame?code=sesame')
      .set('referer', 'https://idp.example/?session=sesame')
      .set('authorization', 'Bearer sesame')
      .set('user-agent', 'sesame');
    expect(answer.body).toContain('?code=sesame');
    expect(logger.info.mock.calls).toEqual([
      [
        expect.stringMatching(
          /^GET \/api\/auth\/oidc\/handler\/frame 200 \d+ ms$/,
        ),
        {
          requestId: answer.headers['x-request-id'],
          tenant: 'aurora',
          method: 'GET',
          url: '/api/auth/oidc/handler/frame',
          status: 200,
          milliseconds: expect.any(Number),
        },
      ],
    ]);
  });
});
