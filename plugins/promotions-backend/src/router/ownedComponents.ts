import { stringifyEntityRef } from '@backstage/catalog-model';
import { type CatalogService } from '@backstage/plugin-catalog-node';
import { type Caller } from './DeliveryAccess';

/** Components that are looked at; no team owns more. */
const MOST = 1_000;

/** Refs of the components of the own tenant that the caller sees and one of the owners owns. */
export async function ownedComponents(
  catalog: Pick<CatalogService, 'queryEntities'>,
  caller: Caller,
  owners: string[],
): Promise<string[]> {
  const { items } = await catalog.queryEntities(
    {
      filter: {
        kind: 'component',
        'metadata.namespace': caller.tenant,
        'relations.ownedBy': owners,
      },
      fields: ['kind', 'metadata.namespace', 'metadata.name'],
      limit: MOST,
    },
    { credentials: caller.credentials },
  );
  return items.map(entity => stringifyEntityRef(entity));
}
