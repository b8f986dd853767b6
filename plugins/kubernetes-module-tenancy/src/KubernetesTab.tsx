import { ApiProvider } from '@backstage/core-app-api';
import {
  type ApiHolder,
  type ApiRef,
  fetchApiRef,
  useApi,
  useApiHolder,
} from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import { kubernetesProxyApiRef } from '@backstage/plugin-kubernetes-react';
import { type ReactNode, useMemo } from 'react';
import { GuardedKubernetesProxy } from './GuardedKubernetesProxy';

/** Gives the page below a proxy that knows which entity the page is about. */
export function KubernetesTab(props: { children: ReactNode }) {
  const { entity } = useEntity();
  const fetchApi = useApi(fetchApiRef);
  const outer = useApiHolder();
  const apis = useMemo((): ApiHolder => {
    const proxy = new GuardedKubernetesProxy({ fetchApi, entity });
    return {
      get<T>(ref: ApiRef<T>): T | undefined {
        return ref.id === kubernetesProxyApiRef.id
          ? // The ref of this id is the one that the proxy is made for.
            (proxy as unknown as T)
          : outer.get(ref);
      },
    };
  }, [fetchApi, entity, outer]);
  return <ApiProvider apis={apis}>{props.children}</ApiProvider>;
}
