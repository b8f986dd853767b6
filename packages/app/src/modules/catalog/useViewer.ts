import { parseEntityRef } from '@backstage/catalog-model';
import {
  type IdentityApi,
  identityApiRef,
  useApi,
} from '@backstage/frontend-plugin-api';
import useAsync from 'react-use/esm/useAsync';
import { type Viewer } from './catalogView';

/**
 * Who looks, from the session that is there already. It only chooses what is asked for:
 * what may be seen is decided by the portal.
 */
export async function readViewer(identity: IdentityApi): Promise<Viewer> {
  const { userEntityRef, ownershipEntityRefs } =
    await identity.getBackstageIdentity();
  return {
    tenant: parseEntityRef(userEntityRef).namespace,
    ownerRefs: [...new Set([userEntityRef, ...ownershipEntityRefs])],
  };
}

/** Who looks; absent for a moment when a page opens. */
export function useViewer(): Viewer | undefined {
  const identity = useApi(identityApiRef);
  return useAsync(() => readViewer(identity), [identity]).value;
}
