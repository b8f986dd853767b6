import assert from 'node:assert/strict';
import { test } from 'node:test';
import { add, amount, format, split } from '../src/index.js';

test('amounts are whole units of a currency', () => {
  assert.throws(() => amount(0.1, 'EUR'), /no whole number/);
  assert.throws(() => amount(2 ** 53, 'EUR'), /no whole number/);
  assert.throws(() => amount(1, 'euro'), /no currency/);
});

test('amounts of one currency are added exactly', () => {
  assert.deepEqual(
    add(amount(10, 'EUR'), amount(20, 'EUR')),
    amount(30, 'EUR'),
  );
  assert.throws(
    () => add(amount(1, 'EUR'), amount(1, 'SEK')),
    /cannot be added/,
  );
});

test('parts always add up to the whole, within a unit of the exact share', () => {
  for (let units = -250; units <= 250; units += 1) {
    for (const weights of [[1], [1, 1, 1], [1, 2, 3, 0], [0.1, 0.2, 0.7]]) {
      const parts = split(amount(units, 'EUR'), weights);
      const sum = weights.reduce((total, weight) => total + weight, 0);
      assert.equal(
        parts.reduce((total, part) => total + part.units, 0),
        units,
      );
      parts.forEach((part, index) => {
        const share = (units * weights[index]) / sum;
        assert.ok(Math.abs(part.units - share) < 1 + 1e-9);
      });
    }
  }
});

test('weights that mean nothing are refused', () => {
  for (const weights of [[], [0], [-1, 2], [Number.NaN]]) {
    assert.throws(() => split(amount(1, 'EUR'), weights), /weights/);
  }
});

test('amounts are written with their decimals', () => {
  assert.equal(format(amount(1250, 'EUR')), '12.50 EUR');
  assert.equal(format(amount(-5, 'EUR')), '-0.05 EUR');
  assert.equal(format(amount(500, 'JPY'), 0), '500 JPY');
});
