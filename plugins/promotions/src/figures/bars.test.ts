import { barsOf } from './bars';

it.each([
  [1, 'day', 1],
  [92, 'day', 92],
  [93, 'week', 14],
  [366, 'week', 53],
])('of %d days are for a %s each: %d', (length, unit, count) => {
  const days = Array.from({ length }, (_, index) => ({
    day: new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10),
    succeeded: index,
    failed: 1,
  }));
  const { unit: unitOfBars, bars } = barsOf(days);
  expect(unitOfBars).toBe(unit);
  expect(bars).toHaveLength(count);
  expect(bars.reduce((sum, bar) => sum + bar.failed, 0)).toBe(length);
  expect(bars.reduce((sum, bar) => sum + bar.succeeded, 0)).toBe(
    (length * (length - 1)) / 2,
  );
  expect(days[0]).toEqual({ day: '2026-01-01', succeeded: 0, failed: 1 });
});
