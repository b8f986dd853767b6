import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pauseAfter, startSchedule } from '../src/schedule.js';

test('the pause doubles with each failure, up to a bound', () => {
  assert.deepEqual(
    [0, 1, 2, 4, 5, 50].map(failures => pauseAfter(failures, 10)),
    [10, 20, 40, 160, 160, 160],
  );
});

test('a run that throws does not end the schedule, and runs never overlap', async () => {
  let running = 0;
  let most = 0;
  let runs = 0;
  await new Promise<void>(resolve => {
    const schedule = startSchedule({
      everyMilliseconds: 1,
      async run() {
        running += 1;
        most = Math.max(most, running);
        await new Promise(done => setImmediate(done));
        running -= 1;
        runs += 1;
        if (runs === 3) {
          void schedule.stop().then(resolve);
        }
        throw new Error('no');
      },
    });
  });
  assert.equal(runs, 3);
  assert.equal(most, 1);
});

test('stopping waits for the run that is at work', async () => {
  let finish = () => {};
  let ended = false;
  const schedule = startSchedule({
    everyMilliseconds: 60_000,
    run: () =>
      new Promise<void>(resolve => {
        finish = () => {
          ended = true;
          resolve();
        };
      }),
  });
  const stopped = schedule.stop();
  finish();
  await stopped;
  assert.equal(ended, true);
});
