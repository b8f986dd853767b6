import { useRouteRef } from '@backstage/frontend-plugin-api';
import { type RepositoryName } from '../api/GitHostApi';
import {
  repositoryHref,
  type RepositoryPlace,
} from '../content/repositoryHref';
import { repositoryRouteRef, rootRouteRef } from '../routes';

/** Addresses of the pages of this plugin. */
export function useRepositoryLinks() {
  const rootLink = useRouteRef(rootRouteRef);
  const repositoryLink = useRouteRef(repositoryRouteRef);
  return {
    list: rootLink?.() ?? '/git',
    of: (name: RepositoryName, place: RepositoryPlace = { path: '' }) =>
      repositoryHref(
        repositoryLink?.({
          tenant: name.tenant,
          repository: name.repository,
        }) ?? `/git/${name.tenant}/${name.repository}`,
        place,
      ),
  };
}
