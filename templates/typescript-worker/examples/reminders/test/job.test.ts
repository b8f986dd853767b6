import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseDue, runJob, type Item } from '../src/job.js';
import { createLogger } from '../src/logger.js';
import { createMemoryQueue } from '../src/queue.js';

const now = new Date('2026-01-01T12:00:00Z');
const item = (id: string, dueAt: string): Item => ({ id, subject: id, dueAt });

test('what is due comes first by how long it is overdue, the rest is kept', () => {
  const late = item('late', '2026-01-01T11:00:00Z');
  const later = item('later', '2026-01-01T10:00:00+02:00');
  const next = item('next', '2026-01-01T12:00:01Z');
  assert.deepEqual(chooseDue([late, next, later], now), {
    due: [later, late],
    later: [next],
  });
});

test('each reminder goes out once, when its time has come', async () => {
  const lines: string[] = [];
  const logger = createLogger({
    service: 'test',
    level: 'info',
    write: line => lines.push(line),
  });
  const queue = createMemoryQueue<Item>();
  queue.add(item('tea', '2026-01-01T12:00:00Z'));
  queue.add(item('jam', '2026-01-01T13:00:00Z'));
  assert.equal(await runJob({ queue, logger, now }), 1);
  assert.equal(await runJob({ queue, logger, now }), 0);
  const inAnHour = new Date('2026-01-01T13:00:00Z');
  assert.equal(await runJob({ queue, logger, now: inAnHour }), 1);
  assert.deepEqual(
    lines.map(line => JSON.parse(line).id),
    ['tea', 'jam'],
  );
});

test('what a failed run had taken is there for the next one', async () => {
  const queue = createMemoryQueue<Item>();
  queue.add(item('tea', '2026-01-01T11:00:00Z'));
  const logger = {
    log() {
      throw new Error('nobody answers');
    },
  };
  await assert.rejects(runJob({ queue, logger, now }), /nobody answers/);
  assert.equal(queue.take(10).length, 1);
});
