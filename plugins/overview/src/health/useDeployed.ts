import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import {
  fetchApiRef,
  useApi,
  useApiHolder,
} from '@backstage/frontend-plugin-api';
import { localRuntimeApiRef } from '@portico/plugin-local-runtime';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { deliveredOf } from './deliveredOf';
import { type DeployedEnvironment, ofRuntime } from './DeployedEnvironment';

/** What runs of some components. */
export interface Deployed {
  /** False where it turned out that nobody tells what runs. */
  isTold: boolean;
  error?: Error;
  /**
   * Environments by entity ref; what is missing is not deployed. Undefined while it is not
   * known.
   */
  value?: ReadonlyMap<string, DeployedEnvironment[]>;
  retry(): void;
}

/**
 * What promotions brought and saw, of all components at once; of those that nobody brought
 * anywhere, what the local runtime says.
 *
 * @param components - undefined while they are not known
 */
export function useDeployed(components: Entity[] | undefined): Deployed {
  const fetchApi = useApi(fetchApiRef);
  const runtime = useApiHolder().get(localRuntimeApiRef);
  const state = useAsyncRetry(async () => {
    if (components === undefined) {
      return undefined;
    }
    const refs = components.map(each => stringifyEntityRef(each));
    const delivered = await deliveredOf(fetchApi, refs);
    const environments = new Map(delivered);
    const others = refs.filter(ref => !environments.has(ref));
    if (runtime?.isConfigured && others.length > 0) {
      for (const { entityRef, status } of await runtime.statusOf(others)) {
        environments.set(entityRef, status.environments.map(ofRuntime));
      }
    }
    const isTold = delivered !== undefined || runtime?.isConfigured === true;
    return { isTold, environments };
  }, [fetchApi, runtime, components]);
  const { error, value, retry } = state;
  return {
    isTold: value?.isTold ?? true,
    retry,
    ...(error && { error }),
    ...(value && { value: value.environments }),
  };
}
