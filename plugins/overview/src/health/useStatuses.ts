import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { useApiHolder } from '@backstage/frontend-plugin-api';
import { localRuntimeApiRef } from '@portico/plugin-local-runtime';
import { type ComponentStatus } from '@portico/plugin-local-runtime-common';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';

/** What runs of some components, from the local runtime. */
export interface Statuses {
  /** False where nothing tells what runs, as in production: there is no column then. */
  isConfigured: boolean;
  loading: boolean;
  error?: Error;
  /** By entity ref; what is missing is not deployed. */
  value?: ReadonlyMap<string, ComponentStatus>;
  retry(): void;
}

/** Asks for all components in one request; undefined while they are not known. */
export function useStatuses(components: Entity[] | undefined): Statuses {
  const runtime = useApiHolder().get(localRuntimeApiRef);
  const isConfigured = runtime?.isConfigured ?? false;
  const state = useAsyncRetry(async () => {
    if (!runtime?.isConfigured || components === undefined) {
      return undefined;
    }
    const items =
      components.length === 0
        ? []
        : await runtime.statusOf(
            components.map(each => stringifyEntityRef(each)),
          );
    return new Map(items.map(item => [item.entityRef, item.status]));
  }, [runtime, components]);
  return {
    ...state,
    isConfigured,
    // Until the components are known nothing was asked.
    loading:
      isConfigured && state.error === undefined && state.value === undefined,
  };
}
