import { useCallback } from 'react';
import { parseEntityRef } from '@backstage/catalog-model';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { externalRoutes } from '../routes';

/** Addresses of the pages of entities by their refs. */
export function useEntityHref(): (ref: string) => string {
  const entity = useRouteRef(externalRoutes.entity);
  return useCallback(
    ref => {
      const { kind, namespace, name } = parseEntityRef(ref);
      return (
        entity?.({ kind: kind.toLocaleLowerCase('en-US'), namespace, name }) ??
        '/'
      );
    },
    [entity],
  );
}
