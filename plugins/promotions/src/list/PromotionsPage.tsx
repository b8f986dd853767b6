import { PromotionsAccess } from '../components/PromotionsAccess';

/** Promotions of the tenant, newest first. */
export function PromotionsPage() {
  return <PromotionsAccess>{null}</PromotionsAccess>;
}
