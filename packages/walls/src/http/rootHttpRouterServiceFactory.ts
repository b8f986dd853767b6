import { rootHttpRouterServiceFactory as stockFactory } from '@backstage/backend-defaults/rootHttpRouter';
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
import { refuseUpgrades } from './upgrades';

/**
 * The stock HTTP server with a gate before all plugins: paths without an open row in the
 * table are 404 and counted, bodies are limited by route, and no connection is upgraded.
 */
export function createRootHttpRouterServiceFactory(table: RouteTable) {
  return stockFactory({
    configure({ app, server, routes, middleware, config, healthRouter }) {
      refuseOpenDoors(config);
      refuseUpgrades(server);
      applyServerSettings(server, config);
      const trustProxy = config.getOptional('backend.trustProxy');
      if (trustProxy !== undefined) {
        app.set('trust proxy', trustProxy);
      }

      app.use(giveRequestId);
      app.use(middleware.helmet());
      app.use(middleware.cors());
      app.use(middleware.compression());
      app.use(logRequests(middleware.logging()));
      app.use(middleware.rateLimit());
      app.use(healthRouter);
      app.use(createGate(table));
      app.use(routes);
      app.use((_req, _res, next) => next(nothingHere()));
      app.use(middleware.error({ showStackTraces: false }));
    },
  });
}

function createGate(table: RouteTable): RequestHandler {
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
    limits(route.body)(req, res, next);
  };
}
