import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigurationError, readConfiguration } from '../src/configuration.js';

test('an empty environment gives the defaults', () => {
  assert.deepEqual(readConfiguration({}), {
    host: '0.0.0.0',
    port: 8080,
    logLevel: 'info',
    drainSeconds: 5,
  });
});

test('every problem is told at once', () => {
  assert.throws(
    () =>
      readConfiguration({
        PORT: 'eighty',
        LOG_LEVEL: 'loud',
        DRAIN_SECONDS: '-1',
        HOST: ' ',
      }),
    (error: unknown) =>
      error instanceof ConfigurationError && error.problems.length === 4,
  );
});

for (const port of ['', '1e3', '0x10', '65536', ' 80', '8080.5']) {
  test(`the port ${JSON.stringify(port)} is refused`, () => {
    assert.throws(() => readConfiguration({ PORT: port }), /PORT/);
  });
}
