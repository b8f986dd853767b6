import { useMemo } from 'react';
import { parseEntityRef } from '@backstage/catalog-model';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import {
  DELIVERY_PATH,
  driftRouteRef,
  externalRoutes,
  promotionRouteRef,
  promotionsRouteRef,
} from '../routes';

/** Addresses of the pages of delivery, and of what they lead to. */
export function useDeliveryLinks() {
  const promotion = useRouteRef(promotionRouteRef);
  const promotions = useRouteRef(promotionsRouteRef);
  const drift = useRouteRef(driftRouteRef);
  const entity = useRouteRef(externalRoutes.entity);
  return useMemo(() => {
    const entityHref = (ref: string): string | undefined => {
      const { kind, namespace, name } = parseEntityRef(ref);
      return entity?.({
        kind: kind.toLocaleLowerCase('en-US'),
        namespace,
        name,
      });
    };
    return {
      promotion: (id: string) =>
        promotion?.({ id }) ?? `/delivery/promotions/${id}`,
      promotions: (query: { show?: 'forMe' | 'open' | 'ended' } = {}) => {
        const search = new URLSearchParams(query);
        return `${promotions?.() ?? '/delivery/promotions'}${
          search.size > 0 ? `?${search}` : ''
        }`;
      },
      drift: (of: { component: string; environment: string }) =>
        `${drift?.() ?? '/delivery/drift'}?${new URLSearchParams(of)}`,
      entity: entityHref,
      /** The tab of a component. */
      delivery: (component: string) => {
        const page = entityHref(component);
        return page && `${page}${DELIVERY_PATH}`;
      },
    };
  }, [promotion, promotions, drift, entity]);
}
