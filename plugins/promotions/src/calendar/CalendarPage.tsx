import { PromotionsAccess } from '../components/PromotionsAccess';

export function CalendarPage() {
  return <PromotionsAccess>{null}</PromotionsAccess>;
}
