import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { type FetchApi } from '@backstage/frontend-plugin-api';
import { type ChainList } from '@portico/plugin-audit-common';
import { type EntityStatusList } from '@portico/plugin-local-runtime-common';
import {
  type MachineToken,
  type Me,
  type Member,
  type Role,
  type Source,
  type SourceRefusalList,
  type Tenant,
} from '@portico/plugin-tenancy-common';

const at = '2026-11-01T08:00:00.000Z';
const aurora: Tenant = { id: 'aurora', title: 'Aurora Retail', createdAt: at };

/** Somebody of Aurora with the given roles, in the group "checkout". */
export function meWith(...roles: Role[]): Me {
  return {
    userRef: 'user:aurora/kim',
    displayName: 'Kim Nguyen',
    tenant: aurora,
    roles,
    groups: ['group:aurora/checkout'],
    memberships: [{ userRef: 'user:aurora/kim', tenant: aurora }],
  };
}

/** A component of Aurora that a group owns. */
export function component(name: string, owner = 'checkout'): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { namespace: 'aurora', name, description: `About ${name}.` },
    spec: { type: 'service', owner: `group:aurora/${owner}` },
  };
}

/** A group of Aurora. */
export function group(name: string, title: string, parent?: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Group',
    metadata: { namespace: 'aurora', name },
    spec: {
      type: 'team',
      profile: { displayName: title },
      ...(parent && { parent: `group:aurora/${parent}` }),
    },
  };
}

/** Answers the requests of the home page as the portal's plugins do. */
export class FakePortal implements FetchApi {
  me: Me = meWith('developer');
  components: Entity[] = [];
  groups: Entity[] = [group('checkout', 'Checkout')];
  statuses: EntityStatusList['items'] = [];
  notifications: { id: string; title: string; link?: string }[] = [];
  refusals: SourceRefusalList['items'] = [];
  tokens: MachineToken[] = [];
  members: Member[] = [];
  sources: Record<string, Source[]> = {};
  tenants: Tenant[] = [];
  chains: ChainList['items'] = [];
  /** Paths that answer with a failure instead. */
  readonly broken = new Set<string>();
  /** Method and address of each request, with its body. */
  readonly requests: string[] = [];

  fetch = async (
    input: RequestInfo | URL,
    init: RequestInit = {},
  ): Promise<Response> => {
    const url = new URL(
      String(input).replace(/^plugin:\/\//, 'http://portal/api/'),
    );
    const path = url.pathname.replace(/^\/api\//, '');
    this.requests.push(
      `${init.method ?? 'GET'} ${path}${decodeURIComponent(url.search)} ${
        init.body ? String(init.body) : ''
      }`.trim(),
    );
    if (this.broken.has(path)) {
      return Response.json(
        { error: { name: 'Error', message: `${path} is out of order` } },
        { status: 503 },
      );
    }
    const body = this.#answer(path, url.searchParams, init);
    return body === undefined
      ? Response.json(
          { error: { name: 'NotFoundError', message: 'no such thing' } },
          { status: 404 },
        )
      : Response.json(body);
  };

  #answer(path: string, query: URLSearchParams, init: RequestInit): unknown {
    const [, tenant, list] =
      /^tenancy\/tenants\/(\w+)\/(\w+)$/.exec(path) ?? [];
    switch (list) {
      case 'refusals':
        return { items: this.refusals };
      case 'tokens':
        return { items: this.tokens };
      case 'members':
        return { items: this.members };
      case 'sources':
        return { items: this.sources[tenant] ?? [] };
      default:
    }
    switch (path) {
      case 'tenancy/me':
        return this.me;
      case 'tenancy/tenants':
        return { items: this.tenants };
      case 'audit/chains':
        return { items: this.chains, keys: [], origin: 'portal' };
      case 'local-runtime/status':
        return { items: this.statuses };
      case 'notifications/notifications':
        return {
          totalCount: this.notifications.length,
          notifications: this.notifications.map(({ id, title, link }) => ({
            id,
            user: this.me.userRef,
            created: at,
            origin: 'plugin:test',
            payload: { title, link },
          })),
        };
      case 'catalog/entities/by-query':
        return this.#query(query.getAll('filter').join(','));
      case 'catalog/entities/by-refs': {
        const { entityRefs }: { entityRefs: string[] } = JSON.parse(
          String(init.body),
        );
        return {
          items: entityRefs.map(
            ref =>
              this.components.find(each => stringifyEntityRef(each) === ref) ??
              null,
          ),
        };
      }
      case 'catalog/entity-facets':
        return { facets: this.#facets(query.getAll('facet')) };
      default:
        return undefined;
    }
  }

  #query(filter: string) {
    const items = filter.includes('kind=group')
      ? this.groups
      : this.components.filter(each =>
          filter.includes(`relations.ownedBy=${each.spec?.owner}`),
        );
    return { items, totalItems: items.length, pageInfo: {} };
  }

  #facets(names: string[]) {
    const counts = new Map<string, number>();
    for (const each of this.components) {
      const owner = String(each.spec?.owner);
      counts.set(owner, (counts.get(owner) ?? 0) + 1);
    }
    return Object.fromEntries(
      names.map(name => [
        name,
        name === 'kind'
          ? [
              { value: 'Component', count: this.components.length },
              { value: 'API', count: 3 },
            ]
          : [...counts].map(([value, count]) => ({ value, count })),
      ]),
    );
  }
}
