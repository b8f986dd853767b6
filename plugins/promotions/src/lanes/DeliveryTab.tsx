import { PromotionsAccess } from '../components/PromotionsAccess';

/** Where a component is, environment by environment. */
export function DeliveryTab() {
  return <PromotionsAccess>{null}</PromotionsAccess>;
}
