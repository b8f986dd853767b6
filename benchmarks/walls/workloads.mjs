// The requests, and what their right answers are.
import { entityId, refOf } from './dataSet.mjs';

/**
 * The calls of the catalog's start page, as the code of plugin-catalog-react 3.2.3 makes
 * them: five facets for the filters, the list without its count, the count, what is owned.
 */
export function landingCalls(tenant, claims) {
  const component = 'filter=kind%3Dcomponent';
  const owned = claims
    .map(ref => `relations.ownedBy%3D${encodeURIComponent(ref)}`)
    .join('%2C');
  return [
    { path: '/api/catalog/entity-facets?facet=kind' },
    { path: '/api/catalog/entity-facets?facet=relations.ownedBy' },
    { path: `/api/catalog/entity-facets?facet=spec.type&${component}` },
    { path: `/api/catalog/entity-facets?facet=spec.lifecycle&${component}` },
    { path: `/api/catalog/entity-facets?facet=metadata.tags&${component}` },
    {
      path: `/api/catalog/entities/by-query?${component}&limit=20&offset=0&orderField=metadata.name%2Casc&totalItems=exclude`,
    },
    {
      path: `/api/catalog/entities/by-query?${component}&limit=0&orderField=metadata.name%2Casc`,
    },
    { path: `/api/catalog/entities/by-query?${component}%2C${owned}&limit=0` },
  ];
}

/** A list with its count, as one call. */
export const listCall = {
  path: '/api/catalog/entities/by-query?filter=kind%3Dcomponent&limit=20&orderField=metadata.name%2Casc',
};
export const facetCall = { path: '/api/catalog/entity-facets?facet=kind' };

export function byNameCall(ref) {
  const [, kind, namespace, name] = /^(.+):(.+)\/(.+)$/.exec(ref);
  return { path: `/api/catalog/entities/by-name/${kind}/${namespace}/${name}` };
}

export function byRefsCall(refs) {
  return {
    method: 'POST',
    path: '/api/catalog/entities/by-refs',
    body: { entityRefs: refs },
  };
}

/** What a caller may see, by the way in which the policy is written. */
export class Expected {
  #sorted = new Map();

  constructor(dataSet) {
    this.tenants = new Map(dataSet.tenants.map(tenant => [tenant.id, tenant]));
    this.entities = dataSet.entities;
    this.byTenant = Map.groupBy(
      dataSet.entities,
      item => item.metadata.namespace,
    );
  }

  visible(way, tenant) {
    if (way === 'off' || way === 'allow-all') return this.entities;
    const own = this.byTenant.get(tenant);
    const claims = /^claims-(\d+)$/.exec(way);
    if (!claims) return own;
    const groups = new Set(
      this.tenants
        .get(tenant)
        .groups.slice(0, Number(claims[1]))
        .map(name => `group:${tenant}/${name}`),
    );
    return own.filter(item =>
      item.relations.some(
        ({ type, targetRef }) => type === 'ownedBy' && groups.has(targetRef),
      ),
    );
  }

  /** Compares an answer with the data; throws with the first difference. */
  check({ way, tenant, call, answer }) {
    const url = new URL(call.path, 'http://x');
    const wrong = (what, expected, got) => {
      throw new Error(
        `Wrong answer of ${way} for ${tenant} to ${
          call.path
        }: ${what} should be ${JSON.stringify(expected)?.slice(
          0,
          300,
        )}, is ${JSON.stringify(got)?.slice(0, 300)}`,
      );
    };
    const seen = this.visible(way, tenant);
    const matching = seen.filter(item =>
      matches(item, url.searchParams.get('filter')),
    );
    const facet = url.searchParams.get('facet');
    if (facet) {
      const counts = {};
      for (const item of matching) {
        for (const value of valuesOf(item, facet))
          counts[value] = (counts[value] ?? 0) + 1;
      }
      const got = Object.fromEntries(
        answer.facets[facet].map(({ value, count }) => [value, count]),
      );
      for (const value of new Set([
        ...Object.keys(counts),
        ...Object.keys(got),
      ])) {
        if (counts[value] !== got[value])
          wrong(`the count of ${value}`, counts[value], got[value]);
      }
    } else if (url.pathname.endsWith('/by-query')) {
      if (
        url.searchParams.get('totalItems') !== 'exclude' &&
        answer.totalItems !== matching.length
      ) {
        wrong('the total', matching.length, answer.totalItems);
      }
      const limit = Number(url.searchParams.get('limit'));
      const order = ({ metadata }) => metadata.name;
      const ids = matching
        .map(item => [order(item), entityId(refOf(item))])
        .sort((a, b) =>
          a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] < b[1] ? -1 : 1,
        )
        .slice(0, limit)
        .map(([, id]) => id);
      const got = answer.items.map(item => item.metadata.uid);
      if (JSON.stringify(ids) !== JSON.stringify(got))
        wrong('the list', ids, got);
    } else if (url.pathname.endsWith('/by-refs')) {
      const visible = new Set(seen.map(refOf));
      call.body.entityRefs.forEach((ref, i) => {
        const got = answer.items[i] ? refOf(answer.items[i]) : null;
        const expected = visible.has(ref) ? ref : null;
        if (got !== expected) wrong(`item ${i}`, expected, got);
      });
    } else {
      const [, kind, namespace, name] =
        /by-name\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(url.pathname);
      const item = seen.find(
        candidate => refOf(candidate) === `${kind}:${namespace}/${name}`,
      );
      const { uid, etag, ...metadata } = answer.metadata;
      if (
        !item ||
        JSON.stringify({ ...item, metadata }) !==
          JSON.stringify({ ...answer, metadata })
      ) {
        wrong('the entity', item, answer);
      }
    }
  }
}

function valuesOf(item, key) {
  switch (key) {
    case 'kind':
      return [item.kind];
    case 'relations.ownedBy':
      return item.relations
        .filter(({ type }) => type === 'ownedBy')
        .map(({ targetRef }) => targetRef);
    case 'spec.type':
      return item.spec.type ? [item.spec.type] : [];
    case 'spec.lifecycle':
      return item.spec.lifecycle ? [item.spec.lifecycle] : [];
    case 'metadata.tags':
      return item.metadata.tags ?? [];
    default:
      throw new Error(`No expectation for the facet ${key}`);
  }
}

function matches(item, filter) {
  if (!filter) return true;
  const wanted = Map.groupBy(
    filter.split(',').map(condition => condition.split('=')),
    ([key]) => key,
  );
  return [...wanted].every(([key, values]) =>
    valuesOf(item, key).some(value =>
      values.some(([, want]) => value.toLowerCase() === want.toLowerCase()),
    ),
  );
}
