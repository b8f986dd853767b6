import { useCallback } from 'react';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { useApi } from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import { type ComponentStatus } from '@portico/plugin-local-runtime-common';
import { localRuntimeApiRef } from '../api/LocalRuntimeApi';
import { useLive } from './useLive';

const QUICK_MILLISECONDS = 2_000;
const SLOW_MILLISECONDS = 10_000;

/** The status of the page's entity, kept up to date. */
export function useStatus() {
  const api = useApi(localRuntimeApiRef);
  const entityRef = stringifyEntityRef(useEntity().entity);
  const load = useCallback(() => api.status(entityRef), [api, entityRef]);
  return { entityRef, ...useLive(load, pauseOf) };
}

/** Asks more often while something changes. */
function pauseOf(status: ComponentStatus | undefined): number {
  const isBuilding =
    status?.lastRun !== undefined && status.lastRun.endedAt === undefined;
  const isChanging = status?.environments.some(({ state }) =>
    ['starting', 'crashing', 'unhealthy'].includes(state),
  );
  return isBuilding || isChanging ? QUICK_MILLISECONDS : SLOW_MILLISECONDS;
}
