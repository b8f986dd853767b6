import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { createNoopMeter, metrics } from '@opentelemetry/api';
import { Router } from 'express';
import { Client } from 'pg';
import { pluginAuditContext } from '@portico/plugin-audit-node';
import { entitiesOf } from './__testUtils__/entities';
import { rawRequest } from './__testUtils__/rawRequest';
import { TestPortal } from './__testUtils__/TestPortal';
import { porticoRoutes } from './routes/porticoRoutes';

const by = pluginAuditContext('test');

jest.setTimeout(120_000);

/** A plugin that grew routes which nobody has thought about. */
const forgetfulModule = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'forgetful',
  register(reg) {
    reg.registerInit({
      deps: { http: coreServices.httpRouter },
      async init({ http }) {
        const nested = Router();
        nested.delete('/everything', (_req, res) => {
          res.json('deleted');
        });
        const router = Router();
        router.get('/forgotten', (_req, res) => {
          res.json('secret');
        });
        router.use('/deep', nested);
        http.use(router);
        http.addAuthPolicy({ path: '/forgotten', allow: 'unauthenticated' });
      },
    });
  },
});

/** What the counters of metrics were told, from before the portal starts. */
function recordCounts(): Array<{ name: string; value: number }> {
  const counts: Array<{ name: string; value: number }> = [];
  const meter = createNoopMeter();
  meter.createCounter = name => ({
    add: (value, attributes) => counts.push({ value, ...attributes, name }),
  });
  metrics.setGlobalMeterProvider({ getMeter: () => meter });
  return counts;
}

describe('walls', () => {
  let portal: TestPortal;
  const counted = recordCounts();

  beforeAll(async () => {
    portal = await TestPortal.start({
      table: porticoRoutes,
      entities: [
        ...entitiesOf('aurora', 'kim'),
        ...entitiesOf('borealis', 'bob'),
      ],
      features: [forgetfulModule],
    });
    await portal.waitForEntities(10);
  });

  afterAll(() => portal?.stop());

  describe('routes', () => {
    it('reports exactly the routes that no row lists', () => {
      expect(portal.services.report.unlisted()).toEqual([
        'DELETE /api/catalog/deep/everything',
        'GET /api/catalog/forgotten',
      ]);
    });

    it.each([
      ['GET', '/api/catalog/forgotten'],
      ['DELETE', '/api/catalog/deep/everything'],
      ['GET', '/api/catalog/locations'],
      ['POST', '/api/catalog/locations'],
      ['POST', '/api/catalog/analyze-location'],
      ['POST', '/api/catalog/validate-entity'],
      ['DELETE', '/api/catalog/entities/by-uid/some'],
      ['GET', '/api/catalog/.backstage/scheduler/v1/tasks'],
      ['POST', '/api/search/.backstage/scheduler/v1/tasks/some/trigger'],
      ['GET', '/api/auth/.backstage/actions/v1/actions'],
      ['GET', '/api/catalog/.backstage/auth/v1/cookie'],
      ['POST', '/api/scaffolder/v2/dry-run'],
      ['POST', '/api/scaffolder/v2/autocomplete/github/repositories'],
      ['GET', '/api/auth/persona/start'],
      ['POST', '/api/auth/v1/token'],
      ['GET', '/api/proxy/anything'],
      ['GET', '/api/signals'],
      ['GET', '/api/app/index.html'],
      ['GET', '/.backstage/scheduler/v1/tasks'],
      ['POST', '/'],
      ['PATCH', '/api/catalog/entities'],
      ['OPTIONS', '/api/catalog/entities'],
    ])(
      'answers %s %s as if it did not exist, to everybody',
      async (method, path) => {
        const answers = await Promise.all(
          [
            undefined,
            await portal.signIn('user:aurora/kim'),
            await portal.signIn('user:default/pat'),
            await portal.serviceToken('catalog'),
          ].map(token =>
            rawRequest(portal.url, {
              method,
              path,
              headers: token ? { authorization: `Bearer ${token}` } : {},
            }),
          ),
        );
        for (const answer of answers) {
          expect(answer).toEqual(answers[0]);
          expect(answer.status).toBe(404);
          expect(JSON.parse(answer.body).error).toEqual({
            name: 'NotFoundError',
            message: 'There is nothing at this address',
          });
        }
      },
    );

    it('counts what it refuses for want of a row, without a word of the caller', async () => {
      const name = 'portico.walls.unlisted_requests';
      const addressed = async (method: string, path: string) => {
        counted.length = 0;
        await rawRequest(portal.url, { method, path });
        // Others count at the same time, such as the scheduler.
        return counted.filter(count => count.name === name);
      };
      expect(await addressed('GET', '/api/catalog/forgotten')).toEqual([
        { name, value: 1, plugin: 'catalog', method: 'GET' },
      ]);
      expect(await addressed('PROPFIND', '/api/some-secret/x')).toEqual([
        { name, value: 1, plugin: 'none', method: 'other' },
      ]);
      expect(await addressed('GET', '/api/catalog/entities')).toEqual([]);
    });

    it.each([
      '/api/catalog//entities',
      '//api/catalog/entities',
      '/api/catalog/./entities',
      '/api/catalog/by-query/../entities',
      '/api/catalog/by-query/%2e%2e/entities',
      '/api/catalog/%65ntities',
      '/api/catalog/Entities',
      '/api/Catalog/entities',
      '/API/catalog/entities',
      '/%61pi/catalog/entities',
      '/api/catalog/entities/',
      '/api/catalog/entities%00',
      '/api/catalog/entities%',
      '/api/catalog/..%5centities',
      '/api/catalog%2fentities',
      '/api',
      '/api/',
    ])('does not take %s for a listed route', async path => {
      const token = await portal.signIn('user:aurora/kim');
      const headers = { authorization: `Bearer ${token}` };
      const listed = await rawRequest(portal.url, {
        path: '/api/catalog/entities?limit=1',
        headers,
      });
      expect(listed.status).toBe(200);
      const answer = await rawRequest(portal.url, { path, headers });
      expect(answer.status).toBe(404);
      expect(answer.body).not.toContain('aurora');
    });

    it('asks for credentials where the row wants them', async () => {
      const kim = await portal.signIn('user:aurora/kim');
      const service = await portal.serviceToken('catalog');
      const answer = async (path: string, token?: string) =>
        (
          await rawRequest(portal.url, {
            path,
            headers: token ? { authorization: `Bearer ${token}` } : {},
          })
        ).status;
      const metadata =
        '/api/catalog/.well-known/backstage/permissions/metadata';
      expect(await answer('/api/catalog/entities')).toBe(401);
      expect(await answer('/api/catalog/entities', 'nonsense')).toBe(401);
      expect(await answer('/api/catalog/entities', kim)).toBe(200);
      expect(await answer('/api/catalog/entities', service)).toBe(200);
      expect(await answer(metadata)).toBe(401);
      expect(await answer(metadata, kim)).toBe(403);
      expect(await answer(metadata, service)).toBe(200);
      // Keys are needed to check the very first token, so nothing may be asked for them.
      expect(
        await answer('/api/catalog/.backstage/auth/v1/jwks.json', 'nonsense'),
      ).toBe(200);
      expect(await answer('/api/auth/.well-known/jwks.json')).toBe(200);
    });

    it('lets only plugins apply conditions', async () => {
      const path =
        '/api/catalog/.well-known/backstage/permissions/apply-conditions';
      const kim = await portal.signIn('user:aurora/kim');
      const body = { items: [] };
      expect((await portal.anonymous().post(path).send(body)).status).toBe(401);
      expect((await portal.as(kim).post(path).send(body)).status).toBe(403);
      const service = portal.as(await portal.serviceToken('catalog'));
      expect((await service.post(path).send(body)).status).toBe(200);
      const onBehalf = portal.as(await onBehalfOf(kim));
      expect((await onBehalf.post(path).send(body)).status).toBe(200);
    });
  });

  describe('sessions', () => {
    it('refuses every token of a session from the request after its end', async () => {
      const token = await portal.signIn('user:borealis/bob');
      const onBehalf = await onBehalfOf(token);
      const cookie = await cookieOf(token);
      const docs = 'borealis/component/borealis-service';
      await mkdir(join(portal.docsDirectory, docs), { recursive: true });
      await writeFile(
        join(portal.docsDirectory, docs, 'index.html'),
        'the page',
      );
      const answers = async () => ({
        token: await status(portal.as(token).get('/api/catalog/entities')),
        onBehalf: await status(
          portal.as(onBehalf).get('/api/catalog/entities'),
        ),
        decision: await status(
          portal
            .as(token)
            .post('/api/permission/authorize')
            .send({ items: [] }),
        ),
        cookie: await status(
          portal
            .anonymous()
            .get(`/api/techdocs/static/docs/${docs}/index.html`)
            .set('cookie', cookie),
        ),
        cookieElsewhere: await status(
          portal.anonymous().get('/api/catalog/entities').set('cookie', cookie),
        ),
      });
      expect(await answers()).toEqual({
        token: 200,
        onBehalf: 200,
        decision: 200,
        cookie: 200,
        cookieElsewhere: 401,
      });

      await portal.services.tenancy.sessions.end({ ...sessionOf(token), by });

      expect(await answers()).toEqual({
        token: 401,
        onBehalf: 401,
        decision: 401,
        cookie: 401,
        cookieElsewhere: 401,
      });
    });

    it('refuses a good token whose session was never recorded', async () => {
      const token = await portal.signIn('user:aurora/vera');
      const path = '/api/catalog/entities';
      expect(await status(portal.as(token).get(path))).toBe(200);
      await sql('delete from portico_tenancy.sessions where member = $1', [
        'vera',
      ]);
      expect(await status(portal.as(token).get(path))).toBe(401);
    });

    it('refuses a member who was disabled', async () => {
      const token = await portal.signIn('user:aurora/tessa');
      const path = '/api/catalog/entities';
      expect(await status(portal.as(token).get(path))).toBe(200);
      await sql(
        `update portico_tenancy.members set disabled_at = now(), version = version + 1
         where name = $1`,
        ['tessa'],
      );
      expect(await status(portal.as(token).get(path))).toBe(401);
    });
  });

  describe('bodies', () => {
    const nested = (depth: number) =>
      `{"query":${'{"$not":'.repeat(depth)}{"kind":"x"}${'}'.repeat(depth)}}`;

    const post = async (body: string, type = 'application/json') =>
      portal
        .as(await portal.signIn('user:aurora/kim'))
        .post('/api/catalog/entities/by-query')
        .set('content-type', type)
        .send(body);

    it('refuses deep nesting before anything parses it', async () => {
      expect((await post(nested(5))).status).toBe(200);
      const answer = await post(nested(2000));
      expect(answer.status).toBe(400);
      expect(answer.body.error.message).toContain('nested more than 24 levels');
      const brackets = JSON.stringify({ query: { kind: '['.repeat(100) } });
      expect((await post(brackets)).status).toBe(200);
    });

    it('refuses deep nesting inside of a cursor', async () => {
      const kim = portal.as(await portal.signIn('user:aurora/kim'));
      const cursor = Buffer.from(nested(200)).toString('base64');
      const answer = await kim.get(
        `/api/catalog/entities/by-query?cursor=${encodeURIComponent(cursor)}`,
      );
      expect(answer.status).toBe(400);
      expect(answer.body.error.message).toContain('nested more than');
    });

    it('limits the size by route', async () => {
      const kim = portal.as(await portal.signIn('user:aurora/kim'));
      const text = JSON.stringify({ query: { kind: 'x'.repeat(70 * 1024) } });
      expect((await post(text)).status).toBe(413);
      const entityRefs = Array.from(
        { length: 3000 },
        (_, index) => `component:aurora/a-component-with-a-name-${index}`,
      );
      const answer = await kim
        .post('/api/catalog/entities/by-refs')
        .send({ entityRefs });
      expect(answer.status).not.toBe(413);
    });

    it('takes JSON only, and leaves signed webhooks as they come', async () => {
      expect((await post('{"query":', 'application/json')).status).toBe(400);
      expect((await post('{}', 'text/plain')).status).toBe(415);
      expect((await post('{}', 'application/vnd.x+json')).status).toBe(415);
      const hook = await portal
        .anonymous()
        .post('/api/tenancy/hooks/aurora/unknown')
        .set('content-type', 'text/plain')
        .send('x'.repeat(100));
      expect(hook.status).not.toBe(415);
      expect(hook.body.error.message).not.toBe(
        'There is nothing at this address',
      );
    });
  });

  it('is ready while the database answers', async () => {
    const readiness = await portal
      .anonymous()
      .get('/.backstage/health/v1/readiness');
    expect(readiness.status).toBe(200);
  });

  async function onBehalfOf(token: string): Promise<string> {
    const { auth } = portal.services;
    const request = await auth.getPluginRequestToken({
      onBehalfOf: await auth.authenticate(token),
      targetPluginId: 'catalog',
    });
    return request.token;
  }

  async function cookieOf(token: string): Promise<string> {
    const answer = await portal
      .as(token)
      .get('/api/techdocs/.backstage/auth/v1/cookie');
    return answer.headers['set-cookie'][0].split(';')[0];
  }

  async function sql(statement: string, values: string[]) {
    const client = new Client({
      connectionString: portal.database.adminConnectionString,
    });
    await client.connect();
    try {
      await client.query(statement, values);
    } finally {
      await client.end();
    }
  }
});

async function status(answer: PromiseLike<{ status: number }>) {
  return (await answer).status;
}

function sessionOf(token: string) {
  const claims = JSON.parse(
    Buffer.from(token.split('.')[1], 'base64url').toString('utf8'),
  );
  return { userRef: claims.sub, issuedAt: claims.iat };
}
