import { useCallback, useEffect } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import {
  type DeliveryEvent,
  type RolloutOfPromotion,
} from '@portico/plugin-promotions-common';
import { promotionsApiRef } from '../api/PromotionsApi';
import { type Live, useLive } from '../hooks/useLive';

/** Argo CD tells the portal of no step, so it is asked while something moves. */
const MOVING_MILLISECONDS = 10_000;

/** How far the rollout of a promotion is, kept up to date. */
export function useRollout(id: string): Live<RolloutOfPromotion> {
  const api = useApi(promotionsApiRef);
  const load = useCallback(() => api.rollout(id), [api, id]);
  const concerns = useCallback(
    (event: DeliveryEvent) => event.type === 'promotion' && event.id === id,
    [id],
  );
  const live = useLive(load, concerns);
  const { reload, value } = live;
  const isMoving =
    value?.acts.some(({ state }) => state === 'asked') ||
    value?.progress?.rollouts.some(
      ({ state }) => state !== 'healthy' && state !== 'aborted',
    );
  useEffect(() => {
    if (!isMoving) {
      return undefined;
    }
    const clock = setInterval(() => {
      if (!document.hidden) {
        reload();
      }
    }, MOVING_MILLISECONDS);
    return () => clearInterval(clock);
  }, [isMoving, reload]);
  return live;
}
