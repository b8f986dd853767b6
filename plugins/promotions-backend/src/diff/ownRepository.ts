import { repositoryNameSchema } from '@portico/plugin-git-host-common';
import {
  type GitHostService,
  type RepositoryAddress,
} from '@portico/plugin-git-host-node';

/**
 * The repository of the tenant in the embedded Git host that a clone address is of;
 * undefined for everything else, another tenant's included.
 *
 * `moved` accepts an address from before the portal moved: to read commits that are named by
 * their id, but not to render what another program would fetch from there.
 */
export function ownRepository(
  gitHost: Pick<GitHostService, 'baseUrl'>,
  tenant: string,
  cloneUrl: string,
  { moved = false } = {},
): RepositoryAddress | undefined {
  const url = URL.parse(cloneUrl);
  const host = new URL(gitHost.baseUrl);
  const start = `${host.pathname}/${tenant}/`;
  if (
    !url ||
    (!moved && url.origin !== host.origin) ||
    !url.pathname.startsWith(start)
  ) {
    return undefined;
  }
  const repository = repositoryNameSchema.safeParse(
    url.pathname.slice(start.length).replace(/\.git$/, ''),
  );
  return repository.success
    ? { tenant, repository: repository.data }
    : undefined;
}
