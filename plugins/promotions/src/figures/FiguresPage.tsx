import { PromotionsAccess } from '../components/PromotionsAccess';

export function FiguresPage() {
  return <PromotionsAccess>{null}</PromotionsAccess>;
}
