import {
  type Promotion,
  type PromotionPhase,
} from '@portico/plugin-promotions-common';

/** Whether somebody wants to know of an end: what the pipeline does each day is no news. */
export function isEndNews(
  { automatic, sample }: Pick<Promotion, 'automatic' | 'sample'>,
  end: PromotionPhase,
): boolean {
  const isRoutine = end === 'succeeded' || end === 'superseded';
  return !sample && !(automatic && isRoutine);
}
