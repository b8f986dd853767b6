import { type Operation, operationsOf, query } from './Operation';

const catalog = operationsOf('catalog');
const MANY = 200;

/** A predicate so deep that no reader should meet it. */
const tooDeep = JSON.parse(
  `${'{"$not":'.repeat(40)}{"kind":"Component"}${'}'.repeat(40)}`,
);

/** Keys of entities that name something of another tenant, with a value to look for. */
const filters = {
  namespace: 'metadata.namespace',
  name: 'metadata.name',
  uid: 'metadata.uid',
  label: 'metadata.labels.canary',
  annotation: 'metadata.annotations.canary/annotation',
  tag: 'metadata.tags',
  owner: 'spec.owner',
  lifecycle: 'spec.lifecycle',
  'owned by': 'relations.ownedBy',
  'has part': 'relations.hasPart',
  'provides api': 'relations.providesApi',
  'depends on': 'relations.dependsOn',
} as const;

type FilterName = keyof typeof filters;

const filterValue: Record<
  FilterName,
  (of: Parameters<Operation['build']>[0]) => string
> = {
  namespace: of => of.tenant,
  name: of => of.component,
  uid: of => of.uid,
  label: of => of.label,
  annotation: of => of.annotation,
  tag: of => of.tag,
  owner: of => `group:${of.tenant}/${of.group}`,
  lifecycle: of => of.lifecycle,
  'owned by': of => `group:${of.tenant}/${of.group}`,
  'has part': of => `component:${of.tenant}/${of.component}`,
  'provides api': of => `api:${of.tenant}/${of.api}`,
  'depends on': of => `resource:${of.tenant}/${of.resource}`,
};
const filterNames = Object.keys(filters) as FilterName[];

const filterOf =
  (name: FilterName) => (of: Parameters<Operation['build']>[0]) =>
    `${filters[name]}=${filterValue[name](of)}`;

const CURSOR_ITSELF =
  'A cursor holds the place to go on from: what follows it differs from cursor to cursor.';

export const catalogOperations: Operation[] = [
  ...catalog(
    'GET /entities',
    {
      'after a foreign cursor': of =>
        `/entities${query({ after: of.catalogCursor })}`,
    },
    { incomparable: CURSOR_ITSELF, picksByChance: true },
  ),
  ...catalog(
    'GET /entities/by-query',
    {
      'a foreign cursor': of =>
        `/entities/by-query${query({ cursor: of.catalogCursor })}`,
      'a foreign cursor with own fields': of =>
        `/entities/by-query${query({
          cursor: of.catalogCursor,
          fields: 'metadata.name,relations',
        })}`,
    },
    { incomparable: CURSOR_ITSELF, picksByChance: true },
  ),
  ...catalog(
    'POST /entities/by-query',
    {
      'a foreign cursor': of => ({
        path: '/entities/by-query',
        body: { cursor: of.catalogCursor },
      }),
    },
    { incomparable: CURSOR_ITSELF, changes: undefined, picksByChance: true },
  ),
  ...catalog('GET /entities', {
    all: () => '/entities',
    'fields of relations': () => '/entities?fields=relations,metadata.name',
    'beyond the end': () => `/entities?offset=${MANY}&limit=50`,
    'by namespace': of =>
      `/entities${query({ filter: filterOf('namespace')(of) })}`,
    'by owner': of => `/entities${query({ filter: filterOf('owner')(of) })}`,
    'by relation': of =>
      `/entities${query({ filter: filterOf('has part')(of) })}`,
    'own or foreign': (of, own) =>
      `/entities${query({
        filter: [filterOf('namespace')(of), filterOf('namespace')(own)],
      })}`,
  }),
  ...catalog(
    'GET /entities/by-query',
    Object.fromEntries(
      filterNames.map(name => [
        `by ${name}`,
        (of: Parameters<Operation['build']>[0]) =>
          `/entities/by-query${query({ filter: filterOf(name)(of) })}`,
      ]),
    ),
  ),
  ...catalog(
    'GET /entities/by-query',
    {
      'ordered by namespace': () =>
        `/entities/by-query${query({
          limit: 3,
          orderField: 'metadata.namespace,asc',
        })}`,
    },
    { picksByChance: true },
  ),
  ...catalog('GET /entities/by-query', {
    all: () => `/entities/by-query${query({ limit: MANY })}`,
    'count only': () => `/entities/by-query${query({ limit: 0 })}`,
    'full text': of =>
      `/entities/by-query${query({ fullTextFilterTerm: of.title })}`,
    'full text in a foreign field': of =>
      `/entities/by-query${query({
        fullTextFilterTerm: of.annotation,
        fullTextFilterFields: 'metadata.annotations.canary/annotation',
      })}`,
    'ordered by relation': () =>
      `/entities/by-query${query({
        limit: MANY,
        orderField: 'relations.ownedBy,desc',
      })}`,
    'a cursor with a forged filter': of =>
      `/entities/by-query${query({ cursor: forgedCursor(of.tenant, of.uid) })}`,
    'own or foreign': (of, own) =>
      `/entities/by-query${query({
        filter: [filterOf('namespace')(of), filterOf('namespace')(own)],
      })}`,
    'a predicate in the query': of =>
      `/entities/by-query${query({
        query: JSON.stringify({ 'metadata.namespace': of.tenant }),
      })}`,
  }),
  ...catalog(
    'POST /entities/by-query',
    {
      'by namespace': of => ({
        path: '/entities/by-query',
        body: { query: { 'metadata.namespace': of.tenant }, limit: MANY },
      }),
      'not the own': (of, own) => ({
        path: '/entities/by-query',
        body: {
          query: {
            $not: { 'metadata.namespace': own.tenant },
            'metadata.name': { $in: [of.component, of.api, of.template] },
          },
        },
      }),
      'by relation': of => ({
        path: '/entities/by-query',
        body: {
          query: {
            'relations.ownedby': `group:${of.tenant}/${of.group}`,
          },
        },
      }),
    },
    { changes: undefined },
  ),
  ...catalog(
    'POST /entities/by-query',
    {
      'too deep a predicate': () => ({
        path: '/entities/by-query',
        body: { query: tooDeep },
      }),
    },
    { changes: undefined, expected: [400] },
  ),
  ...catalog(
    'POST /entities/by-refs',
    {
      foreign: of => ({
        path: '/entities/by-refs',
        body: {
          entityRefs: [
            `component:${of.tenant}/${of.component}`,
            `user:${of.tenant}/${of.member}`,
            `template:${of.tenant}/${of.template}`,
          ],
        },
      }),
      'foreign among own': (of, own) => ({
        path: '/entities/by-refs',
        body: {
          entityRefs: [
            `component:${own.tenant}/${own.component}`,
            `group:${of.tenant}/${of.group}`,
            'template:default/typescript-service',
            'user:default/hidden',
          ],
          fields: ['kind', 'metadata', 'relations'],
        },
      }),
      'in other letters': of => ({
        path: '/entities/by-refs',
        body: {
          entityRefs: [
            `COMPONENT:${of.tenant.toUpperCase()}/${of.component.toUpperCase()}`,
          ],
        },
      }),
    },
    { changes: undefined },
  ),
  ...catalog(
    'POST /entities/by-refs',
    {
      'too large': () => ({
        path: '/entities/by-refs',
        body: { entityRefs: [`component:default/${'x'.repeat(600_000)}`] },
      }),
    },
    { changes: undefined, expected: [413] },
  ),
  ...catalog('GET /entities/by-uid/:uid', {
    plain: of => `/entities/by-uid/${of.uid}`,
    // Nobody listens to upgrades, so it is a request like any other.
    'asking to upgrade': of => ({
      path: `/entities/by-uid/${of.uid}`,
      upgrade: true,
    }),
  }),
  ...catalog('GET /entities/by-name/:kind/:namespace/:name', {
    component: of => `/entities/by-name/component/${of.tenant}/${of.component}`,
    template: of => `/entities/by-name/template/${of.tenant}/${of.template}`,
    user: of => `/entities/by-name/user/${of.tenant}/${of.member}`,
    group: of => `/entities/by-name/group/${of.tenant}/${of.group}`,
    'in capitals': of =>
      `/entities/by-name/Component/${of.tenant.toUpperCase()}/${of.component}`,
    'namespace with an encoded slash': of =>
      `/entities/by-name/component/default%2f${of.tenant}/${of.component}`,
    'not modified since': of => ({
      path: `/entities/by-name/component/${of.tenant}/${of.component}`,
      headers: { 'if-none-match': '*' },
    }),
  }),
  ...catalog('GET /entities/by-name/:kind/:namespace/:name/ancestry', {
    plain: of =>
      `/entities/by-name/component/${of.tenant}/${of.component}/ancestry`,
  }),
  ...catalog('GET /entity-facets', {
    namespaces: () => '/entity-facets?facet=metadata.namespace',
    relations: () =>
      '/entity-facets?facet=relations.ownedBy&facet=relations.hasPart&facet=relations.dependencyOf&facet=relations.memberOf',
    'owners and tags': () =>
      '/entity-facets?facet=spec.owner&facet=metadata.tags&facet=spec.type&facet=spec.lifecycle',
    'labels and annotations': () =>
      '/entity-facets?facet=metadata.annotations.canary/annotation&facet=metadata.uid',
    'of a foreign namespace': of =>
      `/entity-facets${query({
        facet: 'kind',
        filter: filterOf('namespace')(of),
      })}`,
    'of a foreign relation': of =>
      `/entity-facets${query({
        facet: 'kind',
        filter: filterOf('owned by')(of),
      })}`,
  }),
  ...catalog(
    'POST /entity-facets',
    {
      'of a foreign namespace': of => ({
        path: '/entity-facets',
        body: {
          facets: ['metadata.name', 'kind'],
          query: { 'metadata.namespace': of.tenant },
        },
      }),
    },
    { changes: undefined },
  ),
  ...catalog('POST /refresh', {
    foreign: of => ({
      path: '/refresh',
      body: { entityRef: `component:${of.tenant}/${of.component}` },
    }),
    'with a foreign token': of => ({
      path: '/refresh',
      body: {
        entityRef: `template:${of.tenant}/${of.template}`,
        authorizationToken: 'nonsense',
      },
    }),
  }),
];

function forgedCursor(tenant: string, uid: string): string {
  return Buffer.from(
    JSON.stringify({
      filter: { key: 'metadata.namespace', values: [tenant] },
      orderFields: [{ field: 'metadata.name', order: 'asc' }],
      orderFieldValues: ['a', uid],
      isPrevious: false,
      totalItems: 1,
    }),
  ).toString('base64');
}
