import { type Entity } from '@backstage/catalog-model';
import { useApi } from '@backstage/frontend-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { type HomeBasics } from './useHomeBasics';

/** Components that are listed, and asked about. */
const SHOWN = 12;

/** What somebody's groups own. */
export interface Owned {
  /** The first few by name. */
  components: Entity[];
  /** How many there are in all. */
  total: number;
  /** How many they own of each other kind. */
  others: { kind: string; count: number }[];
}

/** Refs of a person, their groups and the groups below those. */
export function ownersOf({ me, groups }: HomeBasics): string[] {
  return [me.userRef, ...groups.withDescendants(me.groups)];
}

/** Loads what a person, their groups and the groups below those own. */
export function useOwned(basics: HomeBasics) {
  const catalog = useApi(catalogApiRef);
  return useAsyncRetry(async (): Promise<Owned> => {
    const owners = ownersOf(basics);
    const [components, kinds] = await Promise.all([
      catalog.queryEntities({
        filter: { kind: 'component', 'relations.ownedBy': owners },
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
      catalog.getEntityFacets({
        filter: { 'relations.ownedBy': owners },
        facets: ['kind'],
      }),
    ]);
    return {
      components: components.items,
      total: components.totalItems,
      others: (kinds.facets.kind ?? [])
        .filter(({ value }) => value !== 'Component')
        .map(({ value, count }) => ({ kind: value, count })),
    };
  }, [catalog, basics]);
}
