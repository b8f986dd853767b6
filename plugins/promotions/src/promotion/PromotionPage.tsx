import { PromotionsAccess } from '../components/PromotionsAccess';

/** One promotion: where it stands, why, and what it changes. */
export function PromotionPage() {
  return <PromotionsAccess>{null}</PromotionsAccess>;
}
