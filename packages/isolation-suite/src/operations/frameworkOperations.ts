import { porticoRoutes } from '@portico/walls';
import { type Operation, operationsOf } from './Operation';
import { type RouteRow, rowName } from './routeRows';

/** Rows that every plugin has and that somebody may call. */
export const frameworkOperations: Operation[] = porticoRoutes.pluginIds.flatMap(
  pluginId => {
    const framework = operationsOf(pluginId);
    return [
      ...framework('GET /.backstage/auth/v1/jwks.json', {
        plain: () => '/.backstage/auth/v1/jwks.json',
      }),
      ...framework('GET /.well-known/backstage/permissions/metadata', {
        plain: () => '/.well-known/backstage/permissions/metadata',
      }),
      ...framework(
        'POST /.well-known/backstage/permissions/apply-conditions',
        {
          'to a foreign entity': of => ({
            path: '/.well-known/backstage/permissions/apply-conditions',
            body: {
              items: [
                {
                  id: '1',
                  resourceRef: `component:${of.tenant}/${of.component}`,
                  resourceType: 'catalog-entity',
                  conditions: {
                    rule: 'IS_ENTITY_IN_NAMESPACE',
                    resourceType: 'catalog-entity',
                    params: { namespaces: [of.tenant] },
                  },
                },
              ],
            },
          }),
        },
        { changes: undefined },
      ),
    ];
  },
);

/** Closed rows: whoever asks, whatever is asked for, there is nothing. */
export function closedOperations(rows: readonly RouteRow[]): Operation[] {
  const closed = rows.filter(({ route }) => route.who === 'closed');
  const nameOf = ({ route }: RouteRow) => `${route.method} ${route.path}`;
  const ofEveryPlugin = [
    ...new Set(
      closed
        .filter(({ route }) => /^\/(?:\.backstage|openapi)/.test(route.path))
        .map(nameOf),
    ),
  ];
  return closed
    .filter(row => {
      // One of them for each plugin, and each of them for some plugin.
      const place = ofEveryPlugin.indexOf(nameOf(row));
      const plugin = porticoRoutes.pluginIds.indexOf(row.pluginId);
      return place < 0 || place === plugin % ofEveryPlugin.length;
    })
    .map(row => ({
      row: rowName(row),
      variant: 'closed',
      build: (of, own) => ({
        method: row.route.method,
        path: `${row.pluginId === 'index' ? '' : `/api/${row.pluginId}`}${fill(
          row.route.path,
          of.tenant === own.tenant ? of.component : of.uid,
        )}`,
        ...(row.route.method !== 'GET' &&
          row.route.method !== 'DELETE' && { body: {} }),
      }),
      expected: [404],
    }));
}

function fill(path: string, value: string): string {
  return path
    .replace('/.:hidden', '/.backstage')
    .replace(/\/\*$/, `/${value}`)
    .replace(/:[A-Za-z]+/g, value);
}

const unlisted = (variant: string, build: Operation['build']): Operation => ({
  row: 'unlisted',
  variant,
  build,
  expected: [404],
});

/** Paths that no row names, connections that ask to be upgraded, and bodies beyond the limits. */
export const unlistedOperations: Operation[] = [
  unlisted('signals', () => ({
    method: 'GET',
    path: '/api/signals',
    upgrade: true,
  })),
  unlisted('signals at the root', () => ({
    method: 'GET',
    path: '/signals',
    upgrade: true,
  })),
  unlisted('an upgrade through the Kubernetes proxy', () => ({
    method: 'GET',
    path: '/api/kubernetes/proxy/api/v1/namespaces',
    upgrade: true,
  })),
  unlisted('events', of => ({
    method: 'POST',
    path: '/api/events/http/github',
    body: { repository: of.repository },
  })),
  unlisted('proxy', () => ({ method: 'GET', path: '/api/proxy/anything' })),
  unlisted('the tools of a model', () => ({
    method: 'POST',
    path: '/api/mcp-actions/v1',
    body: { jsonrpc: '2.0', id: 1, method: 'tools/list' },
  })),
  unlisted('devtools', () => ({ method: 'GET', path: '/api/devtools/config' })),
  unlisted('a plugin in capitals', of => ({
    method: 'GET',
    path: `/api/Catalog/entities/by-uid/${of.uid}`,
  })),
  unlisted('the API in capitals', of => ({
    method: 'GET',
    path: `/API/catalog/entities/by-uid/${of.uid}`,
  })),
  unlisted('a slash at the end', of => ({
    method: 'GET',
    path: `/api/catalog/entities/by-uid/${of.uid}/`,
  })),
  unlisted('two slashes', of => ({
    method: 'GET',
    path: `/api//catalog/entities/by-uid/${of.uid}`,
  })),
  unlisted('an encoded way to a closed row', () => ({
    method: 'GET',
    path: '/api/catalog/entities/%2e%2e/locations',
  })),
  unlisted('an encoded slash before a closed row', () => ({
    method: 'GET',
    path: '/api/catalog%2flocations',
  })),
  unlisted('a way out of a plugin', () => ({
    method: 'GET',
    path: '/api/search/../catalog/locations',
  })),
  unlisted('another method', of => ({
    method: 'PATCH',
    path: `/api/catalog/entities/by-uid/${of.uid}`,
    body: {},
  })),
  unlisted('a method of another row', of => ({
    method: 'DELETE',
    path: `/api/scaffolder/v2/tasks/${of.task}`,
  })),
  unlisted('metrics', () => ({ method: 'GET', path: '/.metrics' })),
];
