import {
  type Entity,
  parseEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { useApi } from '@backstage/frontend-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { type Me } from '@portico/plugin-tenancy-common';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';

const SHOWN = 8;

interface OwnedEntities {
  items: Entity[];
  /** Whether the tenant has no component at all, whoever owns it. */
  isTenantEmpty: boolean;
}

/** What a person's groups own, the first few by name. */
export function useOwnedEntities(me: Me | undefined) {
  const catalog = useApi(catalogApiRef);
  return useAsyncRetry(async (): Promise<OwnedEntities | undefined> => {
    if (!me) {
      return undefined;
    }
    const owners = me.groups.map(group =>
      stringifyEntityRef(
        parseEntityRef(group, {
          defaultKind: 'group',
          defaultNamespace: me.tenant.id,
        }),
      ),
    );
    const [owned, components] = await Promise.all([
      catalog.queryEntities({
        filter: { 'relations.ownedBy': [me.userRef, ...owners] },
        fields: [
          'kind',
          'metadata.name',
          'metadata.namespace',
          'metadata.title',
          'metadata.description',
          'spec.type',
        ],
        orderFields: { field: 'metadata.name', order: 'asc' },
        limit: SHOWN,
      }),
      catalog.queryEntities({
        filter: { kind: 'component', 'metadata.namespace': me.tenant.id },
        fields: ['kind'],
        limit: 1,
      }),
    ]);
    return {
      items: owned.items,
      isTenantEmpty: components.totalItems === 0,
    };
  }, [catalog, me]);
}
