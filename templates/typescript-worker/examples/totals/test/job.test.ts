import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addUp, runJob, type Item } from '../src/job.js';
import { createLogger } from '../src/logger.js';
import { createMemoryQueue } from '../src/queue.js';

const now = new Date('2026-01-01T12:00:00Z');

test('amounts are added up by key, the largest first', () => {
  assert.deepEqual(
    addUp([
      { key: 'tea', amount: 3 },
      { key: 'jam', amount: 5 },
      { key: 'tea', amount: 4 },
      { key: 'oil', amount: 5 },
    ]),
    [
      ['tea', 7],
      ['jam', 5],
      ['oil', 5],
    ],
  );
  assert.deepEqual(addUp([]), []);
});

test('a run handles what is there, once', async () => {
  const lines: string[] = [];
  const logger = createLogger({
    service: 'test',
    level: 'info',
    write: line => lines.push(line),
  });
  const queue = createMemoryQueue<Item>();
  queue.add({ key: 'tea', amount: 3 });
  assert.equal(await runJob({ queue, logger, now }), 1);
  assert.equal(await runJob({ queue, logger, now }), 0);
  assert.equal(lines.length, 1);
  assert.equal(JSON.parse(lines[0]).total, 3);
});

test('what a failed run had taken is there for the next one', async () => {
  const queue = createMemoryQueue<Item>();
  queue.add({ key: 'tea', amount: 3 });
  const logger = {
    log() {
      throw new Error('the disk is full');
    },
  };
  await assert.rejects(runJob({ queue, logger, now }), /disk is full/);
  assert.deepEqual(queue.take(10), [{ key: 'tea', amount: 3 }]);
});
