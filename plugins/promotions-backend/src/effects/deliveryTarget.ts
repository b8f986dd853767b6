import { type FrozenStage } from '@portico/plugin-promotions-common';
import { type DeliveryTarget } from '@portico/plugin-promotions-node';

/** Where a promotion goes, as its frozen stage says. */
export function deliveryTarget(
  tenant: string,
  promotion: { component: string; environment: string },
  stage: Pick<FrozenStage, 'environment'>,
): DeliveryTarget {
  return {
    tenant,
    component: promotion.component,
    environment: promotion.environment,
    delivery: stage.environment.delivery,
  };
}
