import { useApi } from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import { type TryOutServer } from '@portico/plugin-api-try-out-common';
import useAsync from 'react-use/esm/useAsync';
import { apiTryOutApiRef } from '../api/ApiTryOutApi';

/** The servers of the API on this page, for those who may send requests. */
export interface Servers {
  items: TryOutServer[];
  loading: boolean;
  error?: Error;
}

/** Asks for the servers once for the whole page. */
export function useServers(isAllowed: boolean): Servers {
  const api = useApi(apiTryOutApiRef);
  const { namespace, name } = useApiAddress();
  const { value, loading, error } = useAsync(
    async () => (isAllowed ? api.servers({ namespace, name }) : []),
    [api, namespace, name, isAllowed],
  );
  return { items: value ?? [], loading, ...(error && { error }) };
}

/** Namespace and name of the API on this page. */
export function useApiAddress(): { namespace: string; name: string } {
  const { entity } = useEntity();
  return {
    namespace: entity.metadata.namespace ?? 'default',
    name: entity.metadata.name,
  };
}
