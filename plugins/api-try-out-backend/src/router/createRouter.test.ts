import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type Entity, parseEntityRef } from '@backstage/catalog-model';
import {
  mockCredentials,
  mockErrorHandler,
  mockServices,
} from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { TestDatabase } from '@portico/database/testUtils';
import { auditMigrations } from '@portico/plugin-audit-backend';
import { type TenantPrincipal } from '@portico/plugin-tenancy-node';
import express from 'express';
import request from 'supertest';
import { AddressPolicy } from '../address/AddressPolicy';
import { ApiServers } from '../server/ApiServers';
import { type RuntimeAddress } from '../server/RuntimeAddresses';
import { createRouter } from './createRouter';

// The database takes its time on a busy machine.
jest.setTimeout(60_000);

const kim = 'user:aurora/kim';
const lena = 'user:borealis/lena';

let database: TestDatabase;
let api: Server;
/** What the API was asked, newest last. */
let asked: Array<{
  method: string;
  url: string;
  headers: object;
  body: string;
}>;
let entities: Entity[];
let granted: Record<string, string[]>;
let local: RuntimeAddress[];
let names: Record<string, string>;
let decision: AuthorizeResult.ALLOW | AuthorizeResult.DENY;
let chain: string | undefined;
/** Components that the local runtime was asked for. */
let providers: readonly string[];
let app: express.Express;

beforeAll(async () => {
  database = await TestDatabase.create({
    migrations: [auditMigrations],
    pluginIds: [],
  });
  api = createServer((incoming, answer) => {
    const chunks: Buffer[] = [];
    incoming.on('data', chunk => chunks.push(chunk));
    incoming.on('end', () => {
      asked.push({
        method: incoming.method ?? '',
        url: incoming.url ?? '',
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString(),
      });
      switch (String(incoming.url)) {
        case '/v1/orders/large':
          answer.end('x'.repeat(3 * 1024 * 1024));
          break;
        case '/v1/orders/slow':
          answer.write('begins');
          break;
        case '/v1/orders/elsewhere':
          answer
            .writeHead(302, { location: 'http://127.0.0.1:1/inside' })
            .end();
          break;
        case '/v1/orders/binary':
          answer.end(Buffer.from([0, 1, 255]));
          break;
        case '/v1/orders/broken':
          answer.socket?.end('no HTTP at all\r\n\r\n');
          break;
        default:
          answer
            .writeHead(200, {
              'content-type': 'text/html',
              'set-cookie': 'session=secret',
            })
            .end('<b>text</b>');
      }
    });
  });
  await new Promise<void>(resolve => {
    api.listen(0, '127.0.0.1', resolve);
  });
});

afterAll(async () => {
  api.closeAllConnections();
  await new Promise(resolve => {
    api.close(resolve);
  });
  await database.destroy();
});

const port = () => (api.address() as AddressInfo).port;

function definition(servers: string[]): string {
  return JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'Orders', version: '1' },
    servers: servers.map(url => ({ url })),
    paths: {
      '/orders/{id}': {
        parameters: [{ name: 'id', in: 'path', required: true }],
        get: { responses: {} },
        post: {
          requestBody: { content: { 'application/json': {} } },
          responses: {},
        },
      },
    },
  });
}

function apiEntity(tenant: string, servers: string[]): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'API',
    metadata: { namespace: tenant, name: 'orders' },
    spec: {
      type: 'openapi',
      lifecycle: 'production',
      owner: `group:${tenant}/team`,
      definition: definition(servers),
    },
    relations: [
      { type: 'apiProvidedBy', targetRef: `component:${tenant}/orders` },
      { type: 'apiProvidedBy', targetRef: 'component:other/orders' },
    ],
  };
}

function principalOf(userRef: string): TenantPrincipal {
  return {
    tenant: parseEntityRef(userRef).namespace,
    userRef,
    displayName: '',
    kind: 'person',
    roles: ['developer'],
    groups: [],
    scopes: [],
    membershipVersion: 1,
  };
}

const userOf = (credentials: { principal: unknown }) =>
  (credentials.principal as { userEntityRef: string }).userEntityRef;

beforeEach(() => {
  asked = [];
  names = {};
  decision = AuthorizeResult.ALLOW;
  chain = undefined;
  providers = [];
  local = [
    {
      entityRef: 'component:aurora/orders',
      environment: 'dev',
      address: `http://127.0.0.1:${port()}`,
    },
  ];
  granted = { aurora: ['*.aurora.example'], borealis: [] };
  entities = [
    apiEntity('aurora', [
      'https://api.aurora.example/v1',
      'https://api.other.example/v1',
      'http://127.0.0.1/v1',
      'ftp://api.aurora.example/',
      'https://user:secret@api.aurora.example/',
    ]),
  ];
  const servers = new ApiServers({
    bindings: {
      granted: async (_kind, { credentials }) =>
        granted[parseEntityRef(userOf(credentials)).namespace] ?? [],
    },
    runtime: {
      of: async refs => {
        providers = refs;
        return local.filter(({ entityRef }) => refs.includes(entityRef));
      },
    },
  });
  app = express();
  app.use(
    createRouter({
      addresses: new AddressPolicy(),
      // The catalog as the walls show it: a user reads the own tenant.
      catalog: {
        getEntityByRef: async (ref, { credentials }) =>
          catalogServiceMock({
            entities: entities.filter(
              ({ metadata }) =>
                metadata.namespace ===
                parseEntityRef(userOf(credentials)).namespace,
            ),
          }).getEntityByRef(ref, { credentials }),
      },
      database: database.database,
      httpAuth: mockServices.httpAuth(),
      lookUp: async host => {
        if (!names[host]) throw new Error('ENOTFOUND');
        return names[host]
          .split(' ')
          .map(address => ({ address, family: address.includes(':') ? 6 : 4 }));
      },
      permissions: mockServices.permissions.mock({
        authorize: async requests => requests.map(() => ({ result: decision })),
      }),
      servers,
      tenancy: {
        principal: async credentials => ({
          ...principalOf(userOf(credentials)),
          ...(chain && { tenant: chain }),
        }),
      },
      timeoutMs: 400,
    }),
  );
  app.use(mockErrorHandler());
});

const as = (userRef: string, method: 'get' | 'post', path: string) =>
  request(app)
    [method](path)
    .set('authorization', mockCredentials.user.header(userRef))
    .set('cookie', 'portal=secret');

async function send(more: object, userRef = kim) {
  return as(userRef, 'post', '/apis/aurora/orders/requests').send({
    server: 'local-runtime-orders-dev',
    method: 'get',
    path: '/orders/{id}',
    pathParameters: { id: '7' },
    ...more,
  });
}

async function recorded(tenant: string) {
  const { rows } = await database.database.asPlatform('look', transaction =>
    transaction.raw(
      'select draft from portico_audit.outbox where chain = ? order by position',
      [tenant],
    ),
  );
  return rows.map(({ draft }: { draft: object }) => draft);
}

it('lists the servers, and why some cannot be used', async () => {
  const { body } = await as(kim, 'get', '/apis/aurora/orders/servers');
  expect(
    body.items.map((item: { id: string; refusal?: string }) => [
      item.id,
      item.refusal?.split(/[,;:.] ?/)[0],
    ]),
  ).toEqual([
    ['local-runtime-orders-dev', undefined],
    ['definition-0', undefined],
    ['definition-1', 'Your tenant was not granted this server'],
    ['definition-2', 'Your tenant was not granted this server'],
    ['definition-3', 'Its address is not http or https'],
    ['definition-4', 'Its address is not http or https'],
  ]);
});

it('asks the service that the local runtime runs, without anything of the portal', async () => {
  const { body, status } = await send({
    method: 'post',
    body: { mediaType: 'application/json', text: '{"secret":1}' },
  });
  expect(status).toBe(200);
  expect(body).toMatchObject({
    outcome: 'answered',
    url: `http://127.0.0.1:${port()}/v1/orders/7`,
    status: 200,
    text: '<b>text</b>',
    bytes: 11,
    cut: false,
  });
  expect(body.headers).toContainEqual(['set-cookie', '[left out]']);
  expect(asked).toEqual([
    {
      method: 'POST',
      url: '/v1/orders/7',
      headers: {
        host: `127.0.0.1:${port()}`,
        accept: '*/*',
        'accept-encoding': 'identity',
        'user-agent': 'Portico',
        'content-type': 'application/json',
        'content-length': '12',
        connection: 'close',
      },
      body: '{"secret":1}',
    },
  ]);
  const entry = (await recorded('aurora')).at(-1);
  expect(entry).toMatchObject({
    act: 'api-try-out.request.send',
    outcome: 'succeeded',
    subject: { kind: 'api', ref: 'api:aurora/orders' },
    details: {
      method: 'post',
      path: '/orders/{id}',
      server: `http://127.0.0.1:${port()}`,
    },
  });
  expect(JSON.stringify(entry)).not.toContain('secret');
});

it.each([
  ['10.0.0.1'],
  ['127.0.0.1'],
  ['169.254.169.254'],
  ['::1'],
  ['::ffff:127.0.0.1'],
  ['1.1.1.1 127.0.0.1'],
])('refuses a granted name that leads to %s, and records it', async address => {
  names['api.aurora.example'] = address;
  const { body, status } = await send({ server: 'definition-0' });
  expect(status).toBe(403);
  expect(body.error.message).toContain('inside of a private network');
  expect((await recorded('aurora')).at(-1)).toMatchObject({
    outcome: 'refused',
  });
  expect(asked).toEqual([]);
});

it('says that a name leads nowhere', async () => {
  const { body } = await send({ server: 'definition-0' });
  expect(body).toMatchObject({
    outcome: 'failed',
    reason: 'The name api.aurora.example leads to no address.',
  });
});

it.each([
  ['definition-1', 'Your tenant was not granted this server'],
  ['definition-2', 'Your tenant was not granted this server'],
  ['definition-4', 'Its address is not http or https'],
  ['https://api.aurora.example/', 'The API has no server'],
])('sends nothing to %s', async (server, reason) => {
  const { body, status } = await send({ server });
  expect(status).toBe(403);
  expect(body.error.message).toContain(reason);
});

it('follows no redirect', async () => {
  const { body } = await send({ pathParameters: { id: 'elsewhere' } });
  expect(body).toMatchObject({ outcome: 'answered', status: 302 });
  expect(asked).toHaveLength(1);
});

it('reads a MiB, waits for a time, and shows no bytes that are no text', async () => {
  const large = await send({ pathParameters: { id: 'large' } });
  expect(large.body).toMatchObject({ cut: true, bytes: 1024 * 1024 });
  const slow = await send({ pathParameters: { id: 'slow' } });
  expect(slow.body).toMatchObject({
    outcome: 'failed',
    reason: 'The server did not answer within 0.4 s.',
  });
  const binary = await send({ pathParameters: { id: 'binary' } });
  expect(binary.body).toMatchObject({ bytes: 3 });
  expect(binary.body.text).toBeUndefined();
  const broken = await send({ pathParameters: { id: 'broken' } });
  expect(broken.body).toMatchObject({ outcome: 'failed' });
  local = [{ ...local[0], address: 'http://127.0.0.1:1' }];
  const closed = await send({});
  expect(closed.body.reason).toBe('Nothing listens at the server’s address.');
});

it('refuses a body above a MiB', async () => {
  const { status } = await send({
    method: 'post',
    body: { mediaType: 'application/json', text: 'x'.repeat(1024 * 1024 + 1) },
  });
  expect(status).toBe(400);
  expect(asked).toEqual([]);
});

it('knows nothing of another tenant’s API', async () => {
  const absent = await as(lena, 'get', '/apis/borealis/orders/servers');
  for (const answer of [
    await as(lena, 'get', '/apis/aurora/orders/servers'),
    await send({}, lena),
  ]) {
    expect(answer.status).toBe(404);
    expect(answer.body.error.message.replace('aurora', 'borealis')).toBe(
      absent.body.error.message,
    );
  }
  expect(asked).toEqual([]);
});

it('judges each tenant by its own grants, and its own components', async () => {
  entities.push(apiEntity('borealis', ['https://api.aurora.example/v1']));
  const { body } = await as(lena, 'get', '/apis/borealis/orders/servers');
  expect(body.items).toEqual([
    {
      id: 'definition-0',
      url: 'https://api.aurora.example/v1',
      source: 'definition',
      refusal: expect.stringContaining('was not granted'),
    },
  ]);
  expect(providers).toEqual(['component:borealis/orders']);
});

it('sends nothing for whom it is not allowed, and nothing that cannot be recorded', async () => {
  chain = 'NO TENANT';
  expect((await send({})).status).toBeGreaterThanOrEqual(400);
  chain = undefined;
  decision = AuthorizeResult.DENY;
  expect((await send({})).status).toBe(403);
  expect((await as(kim, 'get', '/apis/aurora/orders/servers')).status).toBe(
    403,
  );
  expect(asked).toEqual([]);
});
