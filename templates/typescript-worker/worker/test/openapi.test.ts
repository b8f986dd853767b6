import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { createJobMetrics } from '../src/jobMetrics.js';
import { createMetrics } from '../src/metrics.js';
import { createRoutes } from '../src/routes.js';

const description = parse(
  // Compiled, this file lies in dist/test.
  readFileSync(new URL('../../openapi.yaml', import.meta.url), 'utf8'),
) as { paths: Record<string, Record<string, unknown>> };

test('the description and the routes name the same operations', () => {
  const described = Object.entries(description.paths).flatMap(
    ([path, methods]) =>
      Object.keys(methods).map(method => `${method.toUpperCase()} ${path}`),
  );
  const served = createRoutes({
    jobMetrics: createJobMetrics({ service: 'test' }),
    metrics: createMetrics({ service: 'test' }),
    readiness: { ready: true },
  }).map(({ method, path }) => `${method} ${path}`);
  assert.deepEqual(described.sort(), served.sort());
});
