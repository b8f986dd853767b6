import { type Route } from './http.js';
import { type JobMetrics } from './jobMetrics.js';
import { type Metrics } from './metrics.js';

/** Told by the process: whether it takes up runs, or is about to end. */
export interface Readiness {
  ready: boolean;
}

/** Health and metrics; `openapi.yaml` describes exactly these. */
export function createRoutes(options: {
  jobMetrics: JobMetrics;
  metrics: Metrics;
  readiness: Readiness;
}): Route[] {
  const { jobMetrics, metrics, readiness } = options;
  return [
    {
      method: 'GET',
      path: '/healthz',
      handle: () => ({ status: 200, body: { status: 'ok' } }),
    },
    {
      method: 'GET',
      path: '/readyz',
      handle: () =>
        readiness.ready
          ? { status: 200, body: { status: 'ready' } }
          : { status: 503, body: { status: 'ending' } },
    },
    {
      method: 'GET',
      path: '/metrics',
      handle: async () => ({
        status: 200,
        contentType: metrics.contentType,
        body: `${await metrics.text()}\n${await jobMetrics.text()}`,
      }),
    },
  ];
}
