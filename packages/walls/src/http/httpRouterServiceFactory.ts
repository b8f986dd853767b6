import {
  createAuthIntegrationRouter,
  createCookieAuthRefreshMiddleware,
  createCredentialsBarrier,
  createLifecycleMiddleware,
  createRateLimitMiddleware,
} from '@backstage/backend-defaults/httpRouter';
import { MiddlewareFactory } from '@backstage/backend-defaults/rootHttpRouter';
import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { porticoDatabaseServiceRef } from '@portico/database';
import { type Handler } from 'express';
import Router from 'express-promise-router';
import { recordRefusals } from '../audit/recordRefusals';
import { limitRequests } from '../limits/limitRequests';
import { requestCountersServiceRef } from '../limits/requestCountersServiceRef';
import { takeTurns } from '../limits/takeTurns';
import { tenantTurnsServiceRef } from '../limits/tenantTurnsServiceRef';
import { enumerateRoutes } from '../routes/enumerateRoutes';
import { routeReportServiceRef } from '../routes/RouteReport';
import { routeTableServiceRef } from '../routes/routeTableServiceRef';
import { guardRoutes, hideOthers } from './guardRoutes';

/**
 * The HTTP router of each plugin: the stock one, put together from its public parts, with
 * the guard before everything that answers.
 */
export const httpRouterServiceFactory = createServiceFactory({
  service: coreServices.httpRouter,
  initialization: 'always',
  deps: {
    plugin: coreServices.pluginMetadata,
    config: coreServices.rootConfig,
    logger: coreServices.logger,
    lifecycle: coreServices.lifecycle,
    rootHttpRouter: coreServices.rootHttpRouter,
    auth: coreServices.auth,
    httpAuth: coreServices.httpAuth,
    table: routeTableServiceRef,
    report: routeReportServiceRef,
    counters: requestCountersServiceRef,
    turns: tenantTurnsServiceRef,
    database: porticoDatabaseServiceRef,
  },
  async factory({
    plugin,
    config,
    logger,
    lifecycle,
    rootHttpRouter,
    auth,
    httpAuth,
    table,
    report,
    counters,
    turns,
    database,
  }) {
    const pluginId = plugin.getId();
    const barrier = createCredentialsBarrier({ httpAuth, config });
    const pluginRoutes = Router();
    const router = Router();
    rootHttpRouter.use(`/api/${pluginId}`, router);
    router.use(createRateLimitMiddleware({ pluginId, config }));
    // The files of the app are many and cost little.
    if (pluginId !== 'app') {
      router.use(limitRequests({ pluginId, table, auth, httpAuth, counters }));
    }
    router.use(guardRoutes({ pluginId, table, auth, httpAuth }));
    router.use(takeTurns({ pluginId, table, auth, httpAuth, turns }));
    router.use(createAuthIntegrationRouter({ auth }));
    router.use(createLifecycleMiddleware({ config, lifecycle }));
    router.use(barrier.middleware);
    router.use(createCookieAuthRefreshMiddleware({ auth, httpAuth }));
    router.use(pluginRoutes);
    router.use(hideOthers({ pluginId, table }));
    // What is hidden is answered 404: only what is shown as refused is recorded so.
    router.use(
      recordRefusals({ pluginId, table, auth, httpAuth, database, logger }),
    );
    router.use(
      MiddlewareFactory.create({ config, logger }).error({
        showStackTraces: false,
      }),
    );

    const handlers: Handler[] = [];
    lifecycle.addStartupHook(() => {
      for (const route of handlers.flatMap(enumerateRoutes)) {
        if (!table.lists(pluginId, route)) {
          report.add(pluginId, route);
          logger.error(
            `Route ${route.method} ${route.path} is missing in the route table and answers 404`,
          );
        }
      }
    });

    return {
      use(handler) {
        handlers.push(handler);
        pluginRoutes.use(handler);
      },
      addAuthPolicy(policy) {
        barrier.addAuthPolicy(policy);
      },
    };
  },
});
