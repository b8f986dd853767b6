import { PromotionsAccess } from '../components/PromotionsAccess';

export function DriftPage() {
  return <PromotionsAccess>{null}</PromotionsAccess>;
}
