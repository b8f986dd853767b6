import { PromotionsAccess } from '../components/PromotionsAccess';

export function BoardPage() {
  return <PromotionsAccess>{null}</PromotionsAccess>;
}
