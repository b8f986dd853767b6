import { type DeliveryFigures } from '@portico/plugin-promotions-common';

/** The four figures, in the order in which they are shown. */
export const figureNames = [
  'deploymentFrequency',
  'leadTime',
  'changeFailureRate',
  'timeToRestore',
] as const satisfies ReadonlyArray<keyof DeliveryFigures>;

export type FigureName = (typeof figureNames)[number];

/** How a value of a figure compares with that of the window before. */
export function trendOf(
  name: FigureName,
  value: number,
  before: number,
): 'better' | 'worse' | 'same' {
  if (value === before) {
    return 'same';
  }
  return value > before === (name === 'deploymentFrequency')
    ? 'better'
    : 'worse';
}
