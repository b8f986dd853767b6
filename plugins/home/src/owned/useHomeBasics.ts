import { useApi } from '@backstage/frontend-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { tenancyApiRef } from '@portico/plugin-tenancy';
import { type Me } from '@portico/plugin-tenancy-common';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { GroupTree } from './groupTree';

/** Groups that are looked at; more than any tenant has. */
const MAX_GROUPS = 500;

/** What every part of the home page builds on. */
export interface HomeBasics {
  me: Me;
  groups: GroupTree;
}

/** Who looks, and which groups there are. */
export function useHomeBasics() {
  const tenancy = useApi(tenancyApiRef);
  const catalog = useApi(catalogApiRef);
  return useAsyncRetry(async (): Promise<HomeBasics> => {
    const [me, groups] = await Promise.all([
      tenancy.me(),
      catalog
        .queryEntities({
          filter: { kind: 'group' },
          fields: [
            'kind',
            'metadata.name',
            'metadata.namespace',
            'metadata.title',
            'spec.parent',
            'spec.profile.displayName',
          ],
          limit: MAX_GROUPS,
        })
        // Without the groups above and below, their own still count.
        .catch(() => ({ items: [] })),
    ]);
    return { me, groups: GroupTree.of(groups.items) };
  }, [tenancy, catalog]);
}
