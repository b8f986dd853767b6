import { rootHttpRouterServiceFactory as stockFactory } from '@backstage/backend-defaults/rootHttpRouter';
import { type Config, readDurationFromConfig } from '@backstage/config';
import { durationToMilliseconds } from '@backstage/types';
import { type RootLifecycleService } from '@backstage/backend-plugin-api';
import { type RequestHandler } from 'express';
import { type RouteTable } from '../routes/RouteTable';
import { checkQueryDepth, createBodyLimits } from './bodyLimits';
import { createUnlistedCounter } from './createUnlistedCounter';
import { giveRequestId } from './giveRequestId';
import { locateRequest } from './locateRequest';
import { logRequests } from './logRequests';
import { nothingHere } from './nothingHere';
import { refuseOpenDoors } from './refuseOpenDoors';
import { applyServerSettings } from './serverSettings';
import { RequestObserver } from './RequestObserver';
import { RequestsInFlight } from './RequestsInFlight';
import { refuseUpgrades } from './upgrades';

/**
 * The stock HTTP server with a gate before all plugins: paths without an open row in the
 * table are 404 and counted, bodies are limited by route, and no connection is upgraded.
 * Before it ends, what runs is answered.
 */
export function createRootHttpRouterServiceFactory(table: RouteTable) {
  return stockFactory({
    configure({
      app,
      server,
      routes,
      middleware,
      config,
      healthRouter,
      logger,
      lifecycle,
    }) {
      refuseOpenDoors(config);
      refuseUpgrades(server);
      applyServerSettings(server, config);
      const trustProxy = config.getOptional('backend.trustProxy');
      if (trustProxy !== undefined) {
        app.set('trust proxy', trustProxy);
      }

      const inFlight = new RequestsInFlight();
      const observer = new RequestObserver({ table, inFlight });
      // The stock server hands the service of the root on, under the narrower type.
      const rootLifecycle = lifecycle as RootLifecycleService;
      rootLifecycle.addBeforeShutdownHook(async () => {
        const left = await inFlight.drain(readShutdownDelay(config));
        if (left > 0) {
          logger.warn(`Ended while ${left} requests were still running`);
        }
      });

      app.use(giveRequestId);
      app.use(inFlight.handler);
      app.use(middleware.helmet());
      app.use(middleware.cors());
      app.use(middleware.compression());
      app.use(logRequests(logger));
      app.use(middleware.rateLimit());
      app.use(healthRouter);
      app.use(createGate(table, observer));
      app.use(routes);
      app.use((_req, _res, next) => next(nothingHere()));
      app.use(middleware.error({ showStackTraces: false }));
    },
  });
}

/** So long it takes until nobody sends requests to a replica that is not ready. */
function readShutdownDelay(config: Config): number {
  const key = 'backend.lifecycle.serverShutdownDelay';
  return config.has(key)
    ? durationToMilliseconds(readDurationFromConfig(config, { key }))
    : 0;
}

function createGate(
  table: RouteTable,
  observer: RequestObserver,
): RequestHandler {
  const limits = createBodyLimits();
  const countUnlisted = createUnlistedCounter(table);
  return (req, res, next) => {
    const route = locateRequest(table, { method: req.method, path: req.path });
    if (!route) {
      countUnlisted(req);
      next(nothingHere());
      return;
    }
    const question = req.url.indexOf('?');
    if (question >= 0) {
      checkQueryDepth(req.url.slice(question + 1));
    }
    observer.watch(route, req, res, () => limits(route.body)(req, res, next));
  };
}
