import {
  type Promotion,
  type PromotionPhase,
} from '@portico/plugin-promotions-common';

/**
 * Whether somebody wants to know of an end: what the pipeline does each day is no news, and
 * that it brought something back is.
 */
export function isEndNews(
  { automatic, kind, sample }: Pick<Promotion, 'automatic' | 'kind' | 'sample'>,
  end: PromotionPhase,
): boolean {
  const isRoutine = end === 'succeeded' || end === 'superseded';
  return !sample && !(automatic && kind !== 'rollback' && isRoutine);
}
