import { formatBytes } from './formatBytes';
import { formatDuration } from './moments';

it.each([
  ['2026-11-21T12:00:00Z', '2026-11-21T12:00:03.250Z', '3.3 s'],
  ['2026-11-21T12:00:00Z', '2026-11-21T12:00:42Z', '42 s'],
  ['2026-11-21T12:00:00Z', '2026-11-21T12:02:05Z', '2 min 5 s'],
  ['2026-11-21T12:00:00Z', '2026-11-21T12:00:59.8Z', '1 min 0 s'],
  ['2026-11-21T12:00:05Z', '2026-11-21T12:00:00Z', '0.0 s'],
  [undefined, '2026-11-21T12:00:00Z', undefined],
])('tells the time between %s and %s as %s', (from, to, expected) => {
  expect(formatDuration(from, to)).toBe(expected);
});

it.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1536, '1.5 KiB'],
  [150 * 1024 * 1024, '150 MiB'],
  [5 * 1024 ** 4, '5120 GiB'],
])('writes %s bytes as %s', (bytes, expected) => {
  expect(formatBytes(bytes)).toBe(expected);
});
