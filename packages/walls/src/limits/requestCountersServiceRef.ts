import {
  coreServices,
  createServiceFactory,
  createServiceRef,
} from '@backstage/backend-plugin-api';
import { readPorticoDatabaseConnection } from '@portico/database';
import { readRequestLimits } from './readRequestLimits';
import { RequestCounters } from './RequestCounters';

/** Counts the requests of all plugins in one place. */
export const requestCountersServiceRef = createServiceRef<
  Pick<RequestCounters, 'count'>
>({
  id: 'portico.walls.request-counters',
  scope: 'root',
  defaultFactory: async service =>
    createServiceFactory({
      service,
      deps: {
        config: coreServices.rootConfig,
        lifecycle: coreServices.rootLifecycle,
      },
      factory({ config, lifecycle }) {
        const counters = new RequestCounters({
          connection: readPorticoDatabaseConnection(config),
          limits: readRequestLimits(config),
        });
        lifecycle.addShutdownHook(() => counters.close());
        return counters;
      },
    }),
});
