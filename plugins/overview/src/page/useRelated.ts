import { type Entity } from '@backstage/catalog-model';
import { useApi } from '@backstage/frontend-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { loadEntities } from '../relations/loadEntities';

/** Neighbours that are loaded; a page lists no more. */
export const MAX_RELATED = 400;

/** Everything that an entity is related to, in one request for most entities. */
export function useRelated(entity: Entity) {
  const catalog = useApi(catalogApiRef);
  return useAsyncRetry(async () => {
    const refs = [
      ...new Set((entity.relations ?? []).map(({ targetRef }) => targetRef)),
    ].slice(0, MAX_RELATED);
    return refs.length === 0
      ? new Map<string, Entity | undefined>()
      : loadEntities(catalog, refs);
  }, [catalog, entity]);
}
