import { type Things } from '../world/Things';
import { type Operation, operationsOf } from './Operation';

const localRuntime = operationsOf('local-runtime');
const reads = { changes: undefined } as const;

const RUN = `${'a'.repeat(24)}-1`;
const at = (path: string) => ({
  foreign: (of: Things) =>
    `/entities/component/${of.tenant}/${of.component}${path}`,
});

/** The suite's portal has no runtime, so the routes decide with nothing behind them. */
export const localRuntimeOperations: Operation[] = [
  ...localRuntime('GET /state', { own: () => '/state' }),
  ...localRuntime(
    'POST /status',
    {
      foreign: of => ({
        path: '/status',
        body: { entityRefs: [`component:${of.tenant}/${of.component}`] },
      }),
    },
    reads,
  ),
  ...localRuntime('GET /entities/:kind/:namespace/:name/status', at('/status')),
  ...localRuntime('GET /entities/:kind/:namespace/:name/runs', at('/runs')),
  ...localRuntime(
    'GET /entities/:kind/:namespace/:name/runs/:id',
    at(`/runs/${RUN}`),
  ),
  ...localRuntime(
    'GET /entities/:kind/:namespace/:name/runs/:id/log',
    at(`/runs/${RUN}/log`),
  ),
  ...localRuntime(
    'POST /entities/:kind/:namespace/:name/runs/:id/repeat',
    at(`/runs/${RUN}/repeat`),
  ),
  ...localRuntime(
    'GET /entities/:kind/:namespace/:name/environments/:environment/log',
    at('/environments/dev/log'),
  ),
  ...localRuntime(
    'GET /entities/:kind/:namespace/:name/environments/:environment/metrics',
    at('/environments/dev/metrics'),
  ),
  ...localRuntime(
    'POST /entities/:kind/:namespace/:name/environments/:environment/wake',
    at('/environments/dev/wake'),
  ),
  ...localRuntime(
    'POST /entities/:kind/:namespace/:name/environments/:environment/restart',
    at('/environments/dev/restart'),
  ),
];
