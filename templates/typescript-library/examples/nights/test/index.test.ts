import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nights, overlap, roomsNeeded, stay } from '../src/index.js';

test('only days that exist, in their order, make a stay', () => {
  assert.throws(() => stay('2026-02-29', '2026-03-01'), /no day/);
  assert.throws(() => stay('1.5.2026', '2026-05-02'), /no day/);
  assert.throws(() => stay('2026-05-01', '2026-05-01'), /must be after/);
});

test('nights are counted over changes of the clock and of the year', () => {
  assert.equal(nights(stay('2026-03-28', '2026-03-30')), 2);
  assert.equal(nights(stay('2026-12-30', '2027-01-02')), 3);
  assert.equal(nights(stay('2028-02-28', '2028-03-01')), 2);
});

test('who leaves on the day of an arrival is in nobody’s way', () => {
  const first = stay('2026-05-01', '2026-05-03');
  assert.equal(overlap(first, stay('2026-05-03', '2026-05-04')), false);
  assert.equal(overlap(first, stay('2026-05-02', '2026-05-04')), true);
  assert.equal(overlap(first, first), true);
});

test('as many rooms are needed as stays overlap at once', () => {
  assert.equal(roomsNeeded([]), 0);
  assert.equal(
    roomsNeeded([
      stay('2026-05-01', '2026-05-03'),
      stay('2026-05-02', '2026-05-05'),
      stay('2026-05-03', '2026-05-04'),
    ]),
    2,
  );
});
