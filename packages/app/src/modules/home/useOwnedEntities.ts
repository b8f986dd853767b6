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

/** What a person's groups own, the first few by name, and how many there are. */
export function useOwnedEntities(me: Me | undefined) {
  const catalog = useApi(catalogApiRef);
  return useAsyncRetry(async (): Promise<
    { items: Entity[]; total: number } | undefined
  > => {
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
    const { items, totalItems } = await catalog.queryEntities({
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
    });
    return { items, total: totalItems };
  }, [catalog, me]);
}
