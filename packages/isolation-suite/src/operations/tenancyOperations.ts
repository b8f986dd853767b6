import { createHmac } from 'node:crypto';
import { type Things } from '../world/Things';
import { type Operation, operationsOf } from './Operation';

const tenancy = operationsOf('tenancy');
const named = { platform: 'named tenant' } as const;
/**
 * An administrator of the platform may administer tenants; so what could change one is
 * sent with a body that nobody may send, or for a name that is not there.
 */
const WRONG = { wrong: true };
const NO_TOKEN = '00000000aaaaaaaa';
const base = (of: Things) => `/tenants/${of.tenant}`;

export const tenancyOperations: Operation[] = [
  ...tenancy('GET /me', { plain: () => '/me' }),
  ...tenancy(
    'GET /personas',
    { plain: () => '/personas' },
    {
      shows:
        'Personas exist in development only: they are offered to everybody before sign-in, with their tenants.',
    },
  ),
  ...tenancy(
    'GET /tenants',
    { all: () => '/tenants' },
    {
      platform: 'all tenants',
    },
  ),
  ...tenancy('POST /tenants', {
    'an id that is taken': of => ({
      path: '/tenants',
      body: { id: of.tenant, title: '' },
    }),
  }),
  ...tenancy(
    'GET /tenants/:tenant/sources',
    {
      foreign: of => `${base(of)}/sources`,
      'in capitals': of => `/tenants/${of.tenant.toUpperCase()}/sources`,
    },
    named,
  ),
  ...tenancy(
    'PUT /tenants/:tenant/sources/:name',
    {
      foreign: of => ({
        path: `${base(of)}/sources/${of.source}`,
        body: WRONG,
      }),
      'own over a foreign repository': (of, own) => ({
        path: `${base(own)}/sources/taken-from-others`,
        body: {
          location: {
            kind: 'repository',
            repository: `../${of.tenant}/${of.repository}`,
          },
        },
      }),
      'own at a foreign address': (of, own) => ({
        path: `${base(own)}/sources/taken-from-others`,
        body: {
          location: {
            kind: 'url',
            url: `http://localhost/api/git-host/${of.tenant}/${of.repository}/src/branch/main/catalog-info.yaml`,
          },
          wrong: true,
        },
      }),
    },
    named,
  ),
  ...tenancy(
    'DELETE /tenants/:tenant/sources/:name',
    {
      foreign: of => `${base(of)}/sources/no-${of.source}`,
    },
    named,
  ),
  ...tenancy(
    'POST /tenants/:tenant/sources/:name/read',
    {
      foreign: of => ({
        path: `${base(of)}/sources/no-${of.source}/read`,
        body: {},
      }),
    },
    named,
  ),
  ...tenancy(
    'GET /tenants/:tenant/sources/:name/refusals',
    {
      foreign: of => `${base(of)}/sources/${of.source}/refusals`,
    },
    named,
  ),
  ...tenancy(
    'GET /tenants/:tenant/refusals',
    {
      foreign: of => `${base(of)}/refusals`,
    },
    named,
  ),
  ...tenancy(
    'GET /tenants/:tenant/members',
    {
      foreign: of => `${base(of)}/members`,
    },
    named,
  ),
  ...tenancy(
    'PUT /tenants/:tenant/members/:name',
    {
      foreign: of => ({
        path: `${base(of)}/members/${of.member}`,
        body: WRONG,
      }),
      'own with a foreign group': (of, own) => ({
        path: `${base(own)}/members/borrowed`,
        body: {
          displayName: 'Borrowed',
          roles: ['viewer'],
          groups: [of.subgroup],
        },
      }),
      'own with a role of the platform': (of, own) => ({
        path: `${base(own)}/members/risen`,
        body: {
          displayName: 'Risen',
          roles: ['platform-admin'],
          groups: [of.subgroup],
        },
      }),
    },
    named,
  ),
  ...tenancy(
    'DELETE /tenants/:tenant/members/:name',
    {
      foreign: of => `${base(of)}/members/no-${of.person}`,
    },
    named,
  ),
  ...tenancy(
    'GET /tenants/:tenant/groups',
    {
      foreign: of => `${base(of)}/groups`,
    },
    named,
  ),
  ...tenancy(
    'PUT /tenants/:tenant/groups/:name',
    {
      foreign: of => ({ path: `${base(of)}/groups/${of.group}`, body: WRONG }),
      'own below a foreign group': (of, own) => ({
        path: `${base(own)}/groups/borrowed`,
        body: { displayName: 'Borrowed', parent: of.subgroup },
      }),
    },
    named,
  ),
  ...tenancy(
    'DELETE /tenants/:tenant/groups/:name',
    {
      foreign: of => `${base(of)}/groups/no-${of.group}`,
    },
    named,
  ),
  ...tenancy(
    'GET /tenants/:tenant/tokens',
    {
      foreign: of => `${base(of)}/tokens`,
    },
    named,
  ),
  ...tenancy(
    'POST /tenants/:tenant/tokens',
    {
      foreign: of => ({ path: `${base(of)}/tokens`, body: WRONG }),
    },
    named,
  ),
  ...tenancy(
    'DELETE /tenants/:tenant/tokens/:id',
    {
      foreign: of => `${base(of)}/tokens/${NO_TOKEN}`,
      'own address, foreign id': (of, own) =>
        `${base(own)}/tokens/${of.machineTokenId}`,
    },
    named,
  ),
  ...tenancy('POST /hooks/:tenant/:source', {
    unsigned: of => ({ path: `/hooks/${of.tenant}/${of.source}`, body: '{}' }),
    'signed with another secret': of => ({
      path: `/hooks/${of.tenant}/${of.source}`,
      body: Buffer.from('{"ref":"refs/heads/main"}'),
      headers: {
        'content-type': 'application/json',
        'x-github-delivery': 'one',
        'x-hub-signature-256': `sha256=${createHmac('sha256', 'guess')
          .update('{"ref":"refs/heads/main"}')
          .digest('hex')}`,
      },
    }),
    'a token in plain text': of => ({
      path: `/hooks/${of.tenant}/${of.source}`,
      body: Buffer.from('{}'),
      headers: { 'x-gitlab-token': 'guess', 'idempotency-key': 'two' },
    }),
  }),
  ...tenancy('POST /device/start', {
    'too long a name': of => ({
      path: '/device/start',
      body: { client: of.tenant.repeat(50) },
    }),
  }),
  ...tenancy('GET /device/requests/:userCode', {
    foreign: of => `/device/requests/${of.userCode}`,
  }),
  ...tenancy('POST /device/approve', {
    foreign: of => ({
      path: '/device/approve',
      body: { userCode: of.userCode },
    }),
  }),
  ...tenancy(
    'DELETE /session',
    // Whoever may end the own session would be gone for the rest of the suite.
    {
      'with the token of nobody': () => ({
        path: '/session',
        headers: { authorization: 'Bearer nobody' },
      }),
    },
    { expected: [401] },
  ),
  ...tenancy('GET /sessions', {
    own: () => '/sessions',
    'after a foreign place': of => `/sessions?cursor=1.${of.member}`,
  }),
  ...tenancy('DELETE /sessions/:issuedAt', { 'no such': () => '/sessions/1' }),
  ...tenancy(
    'GET /tenants/:tenant/sessions',
    {
      foreign: of => `${base(of)}/sessions`,
      'of a foreign person': of => `${base(of)}/sessions?member=${of.member}`,
    },
    named,
  ),
  ...tenancy(
    'DELETE /tenants/:tenant/members/:name/sessions',
    // Of a person who was never signed in: an administrator of the platform may end them.
    { foreign: of => `${base(of)}/members/${of.person}/sessions` },
    named,
  ),
  ...tenancy(
    'DELETE /tenants/:tenant/members/:name/sessions/:issuedAt',
    { foreign: of => `${base(of)}/members/${of.person}/sessions/1` },
    named,
  ),
];
