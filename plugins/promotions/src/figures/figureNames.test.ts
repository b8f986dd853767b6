import { trendOf } from './figureNames';

it.each([
  ['deploymentFrequency', 2, 1, 'better'],
  ['deploymentFrequency', 1, 2, 'worse'],
  ['leadTime', 2, 1, 'worse'],
  ['changeFailureRate', 0, 5, 'better'],
  ['timeToRestore', 3, 3, 'same'],
] as const)('%s of %d after %d is %s', (name, value, before, trend) => {
  expect(trendOf(name, value, before)).toBe(trend);
});
