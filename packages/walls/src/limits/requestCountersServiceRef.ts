import {
  coreServices,
  createServiceFactory,
  createServiceRef,
} from '@backstage/backend-plugin-api';
import { porticoDatabaseServiceRef } from '@portico/database';
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
        database: porticoDatabaseServiceRef,
        lifecycle: coreServices.rootLifecycle,
        logger: coreServices.rootLogger,
      },
      factory({ config, database, lifecycle, logger }) {
        const counters = new RequestCounters({
          database,
          limits: readRequestLimits(config),
          logger,
        });
        lifecycle.addShutdownHook(() => counters.close());
        return counters;
      },
    }),
});
