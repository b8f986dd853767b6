import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withService } from './withService.js';

test('it is alive and ready', async () => {
  await withService(async ({ address }) => {
    for (const path of ['/healthz', '/readyz']) {
      const response = await fetch(address + path);
      assert.equal(response.status, 200, path);
    }
  });
});

test('the first run comes at once, and is measured and told', async () => {
  await withService(async ({ address, logLines }) => {
    while (!logLines().some(({ message }) => message === 'A run succeeded.')) {
      await new Promise(done => setImmediate(done));
    }
    const metrics = await (await fetch(`${address}/metrics`)).text();
    assert.match(metrics, /^job_runs_total\{outcome="succeeded"[^}]*\} 1$/m);
    assert.match(metrics, /^http_requests_in_flight/m);
  });
});

test('nothing else is served', async () => {
  await withService(async ({ address }) => {
    assert.equal((await fetch(`${address}/v1/job`)).status, 404);
    assert.equal(
      (await fetch(`${address}/healthz`, { method: 'POST' })).status,
      405,
    );
  });
});
