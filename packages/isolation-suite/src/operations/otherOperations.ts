import { type Operation, operationsOf, query } from './Operation';

const search = operationsOf('search');
const techdocs = operationsOf('techdocs');
const notifications = operationsOf('notifications');
const settings = operationsOf('user-settings');
const permission = operationsOf('permission');
const auth = operationsOf('auth');
const index = operationsOf('index');

const searchOperations: Operation[] = search('GET /query', {
  everything: () => '/query?term=',
  'a foreign title': of => `/query${query({ term: of.title })}`,
  'a foreign name': of => `/query${query({ term: of.component })}`,
  'foreign documentation': of =>
    `/query${query({ term: of.title, 'types[0]': 'techdocs' })}`,
  'by namespace': of =>
    `/query${query({ term: '', 'filters[namespace]': of.tenant })}`,
  'by owner': of =>
    `/query${query({
      term: '',
      'types[0]': 'software-catalog',
      'filters[owner]': `group:${of.tenant}/${of.group}`,
    })}`,
  'by lifecycle': of =>
    `/query${query({ term: '', 'filters[lifecycle]': of.lifecycle })}`,
  'the second page': of =>
    `/query${query({ term: '', pageCursor: of.searchCursor, pageLimit: 5 })}`,
  'many results': () => `/query${query({ term: '', pageLimit: 100 })}`,
}).map(operation =>
  // Results of equal rank, cut at the end of a page
  /everything|page|many/.test(operation.variant)
    ? { ...operation, picksByChance: true }
    : operation,
);

const triplet = (of: Parameters<Operation['build']>[0]) =>
  `${of.tenant}/component/${of.component}`;

const techdocsOperations: Operation[] = [
  ...techdocs('GET /metadata/techdocs/:namespace/:kind/:name', {
    foreign: of => `/metadata/techdocs/${triplet(of)}`,
  }),
  ...techdocs('GET /metadata/entity/:namespace/:kind/:name', {
    foreign: of => `/metadata/entity/${triplet(of)}`,
    'in capitals': of =>
      `/metadata/entity/${of.tenant.toUpperCase()}/Component/${of.component}`,
  }),
  ...techdocs('GET /sync/:namespace/:kind/:name', {
    foreign: of => ({
      path: `/sync/${triplet(of)}`,
      headers: { accept: 'text/event-stream' },
    }),
  }),
  ...techdocs('GET /static/docs/:namespace/:kind/:name/*', {
    page: of => `/static/docs/${triplet(of)}/index.html`,
    'search index': of =>
      `/static/docs/${triplet(of)}/search/search_index.json`,
    metadata: of => `/static/docs/${triplet(of)}/techdocs_metadata.json`,
    'in capitals': of =>
      `/static/docs/${of.tenant.toUpperCase()}/Component/${
        of.component
      }/index.html`,
    'through an own entity, encoded': (of, own) =>
      `/static/docs/${triplet(own)}/%2e%2e%2f%2e%2e%2f%2e%2e%2f${triplet(
        of,
      )}%2findex.html`,
    'through an own entity, encoded twice': (of, own) =>
      `/static/docs/${triplet(own)}/%252e%252e%252f%252e%252e%252f${
        of.tenant
      }%252findex.html`,
    'through an own entity, with backslashes': (of, own) =>
      `/static/docs/${triplet(own)}/..%5c..%5c..%5c${of.tenant}%5ccomponent%5c${
        of.component
      }%5cindex.html`,
    'a part of a page': of => ({
      path: `/static/docs/${triplet(of)}/index.html`,
      headers: { range: 'bytes=0-20' },
    }),
  }),
  ...techdocs('GET /.backstage/auth/v1/cookie', {
    plain: () => '/.backstage/auth/v1/cookie',
  }),
  ...techdocs(
    'DELETE /.backstage/auth/v1/cookie',
    { plain: () => '/.backstage/auth/v1/cookie' },
    { changes: undefined },
  ),
];

const notificationOperations: Operation[] = [
  ...notifications('GET /notifications', {
    all: () => '/notifications',
    'by a foreign word': of =>
      `/notifications${query({ search: of.title, limit: 50 })}`,
    'by a foreign topic': of =>
      `/notifications${query({ topic: of.topic, orderField: 'created,desc' })}`,
  }),
  ...notifications('GET /notifications/:id', {
    foreign: of => `/notifications/${of.notification}`,
  }),
  ...notifications('POST /notifications/update', {
    foreign: of => ({
      path: '/notifications/update',
      body: { ids: [of.notification], read: true, saved: true },
    }),
  }),
  ...notifications('GET /status', { own: () => '/status' }),
  ...notifications('GET /settings', { own: () => '/settings' }),
  ...notifications('POST /settings', {
    own: of => ({
      path: '/settings',
      body: {
        channels: [
          {
            id: 'Web',
            origins: [{ id: `plugin:${of.tenant}`, enabled: true }],
          },
        ],
      },
    }),
  }),
  ...notifications('GET /topics', { own: () => '/topics' }),
  ...(['/', '/notifications'] as const).flatMap(path =>
    notifications(`POST ${path}`, {
      'to a foreign person': of => ({
        path,
        body: {
          recipients: {
            type: 'entity',
            entityRef: `user:${of.tenant}/${of.member}`,
          },
          payload: { title: 'Not for you' },
        },
      }),
      'to everybody': () => ({
        path,
        body: {
          recipients: { type: 'broadcast' },
          payload: { title: 'Not for you' },
        },
      }),
    }),
  ),
];

const settingOperations: Operation[] = [
  ...settings(
    'POST /multiget',
    {
      foreign: of => ({
        path: '/multiget',
        body: { items: [{ bucket: of.bucket, key: of.settingKey }] },
      }),
    },
    { changes: undefined },
  ),
  ...settings('GET /buckets/:bucket/keys/*', {
    foreign: of => `/buckets/${of.bucket}/keys/${of.settingKey}`,
    'with dots': of => `/buckets/${of.bucket}/keys/x%2f..%2f${of.settingKey}`,
  }),
  ...settings('PUT /buckets/:bucket/keys/*', {
    'own, in a foreign bucket': of => ({
      path: `/buckets/${of.bucket}/keys/mine`,
      body: { value: 'mine' },
    }),
  }),
  ...settings('DELETE /buckets/:bucket/keys/*', {
    foreign: of => `/buckets/${of.bucket}/keys/${of.settingKey}`,
  }),
];

const permissionOperations: Operation[] = permission(
  'POST /authorize',
  {
    'reading a foreign entity': of => ({
      path: '/authorize',
      body: {
        items: [
          {
            id: '1',
            permission: entityPermission('read'),
            resourceRef: `component:${of.tenant}/${of.component}`,
          },
          {
            id: '2',
            permission: entityPermission('refresh'),
            resourceRef: `template:${of.tenant}/${of.template}`,
          },
          {
            id: '3',
            permission: {
              type: 'resource',
              name: 'scaffolder.task.read',
              attributes: { action: 'read' },
              resourceType: 'scaffolder-task',
            },
            resourceRef: of.task,
          },
        ],
      },
    }),
  },
  { changes: undefined },
);

function entityPermission(action: string) {
  return {
    type: 'resource',
    name: `catalog.entity.${action}`,
    attributes: { action: action === 'read' ? 'read' : 'update' },
    resourceType: 'catalog-entity',
  };
}

const authOperations: Operation[] = [
  ...auth('GET /persona/refresh', {
    'a foreign person who is not there': of => ({
      path: '/persona/refresh',
      headers: { 'x-portico-persona': `user:${of.tenant}/nobody` },
    }),
    'a foreign name without a persona': of => ({
      path: '/persona/refresh',
      headers: { 'x-portico-persona': `user:${of.tenant}/${of.person}` },
    }),
    'from another host': of => ({
      path: '/persona/refresh',
      headers: {
        host: 'portal.example',
        'x-portico-persona': `user:${of.tenant}/${of.member}`,
      },
    }),
  }),
  ...auth('GET /machine/refresh', {
    'a foreign token that was revoked': of => ({
      path: '/machine/refresh',
      headers: { 'x-portico-machine-token': of.revokedToken },
    }),
    'a foreign id with a guessed secret': of => ({
      path: '/machine/refresh',
      headers: {
        'x-portico-machine-token': `portico_${of.tenant}_${
          of.machineTokenId
        }_${'A'.repeat(43)}`,
      },
    }),
  }),
  ...auth('GET /device/refresh', {
    'a foreign code as secret': of => ({
      path: '/device/refresh',
      headers: { 'x-portico-device-code': of.userCode },
    }),
  }),
  ...auth('GET /oidc/start', { plain: () => '/oidc/start?env=development' }),
  ...auth('GET /oidc/handler/frame', {
    'a foreign state': of =>
      `/oidc/handler/frame${query({ code: 'x', state: of.tenant })}`,
  }),
  ...auth('POST /oidc/handler/frame', {
    'a foreign state': of => ({
      path: '/oidc/handler/frame',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: Buffer.from(`code=x&state=${of.tenant}`),
    }),
  }),
  ...auth('GET /oidc/refresh', { plain: () => '/oidc/refresh' }),
  ...auth('POST /oidc/refresh', {
    plain: () => ({ path: '/oidc/refresh', body: {} }),
  }),
  ...auth('POST /oidc/logout', {
    plain: () => ({ path: '/oidc/logout', body: {} }),
  }),
  ...auth('GET /.well-known/jwks.json', {
    plain: () => '/.well-known/jwks.json',
  }),
  ...auth('GET /.well-known/openid-configuration', {
    plain: () => '/.well-known/openid-configuration',
  }),
  ...auth('GET /v1/userinfo', { own: () => '/v1/userinfo' }),
];

const indexOperations: Operation[] = [
  ...index('GET /', { plain: () => '/' }),
  ...index('GET /*', {
    'a foreign entity’s page': of =>
      `/catalog/${of.tenant}/component/${of.component}`,
    'a foreign repository’s page': of => `/git/${of.tenant}/${of.repository}`,
  }),
];

export const otherOperations: Operation[] = [
  ...searchOperations,
  ...techdocsOperations,
  ...notificationOperations,
  ...settingOperations,
  ...permissionOperations,
  ...authOperations,
  ...indexOperations,
];
