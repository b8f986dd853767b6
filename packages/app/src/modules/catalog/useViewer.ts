import { parseEntityRef } from '@backstage/catalog-model';
import { identityApiRef, useApi } from '@backstage/frontend-plugin-api';
import useAsync from 'react-use/esm/useAsync';
import { type Viewer } from './catalogView';

/**
 * Who looks, from the session that is there already. It only chooses what is asked for:
 * what may be seen is decided by the portal.
 */
export function useViewer(): Viewer | undefined {
  const identity = useApi(identityApiRef);
  const { value } = useAsync(async () => {
    const { userEntityRef, ownershipEntityRefs } =
      await identity.getBackstageIdentity();
    return {
      tenant: parseEntityRef(userEntityRef).namespace,
      ownerRefs: [...new Set([userEntityRef, ...ownershipEntityRefs])],
    };
  }, [identity]);
  return value;
}
