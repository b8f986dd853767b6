import { linePoints } from './linePoints';

it.each([
  [[], ''],
  [[5], ''],
  [[0, 0], '0,23 120,23'],
  [[0, 5, 10], '0,23 60,12 120,1'],
])('draws %j as %j', (values, points) => {
  expect(linePoints(values)).toBe(points);
});
