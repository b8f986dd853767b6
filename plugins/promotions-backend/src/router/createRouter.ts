import express from 'express';
import Router from 'express-promise-router';
import { addDeliveryRoutes } from './deliveryRoutes';
import { addDiffRoutes } from './diffRoutes';
import { addDriftRoutes } from './driftRoutes';
import { addEventRoutes } from './eventRoutes';
import { addFigureRoutes } from './figureRoutes';
import { addLineRoutes } from './lineRoutes';
import { addPromotionRoutes } from './promotionRoutes';
import { addReleaseRoutes } from './releaseRoutes';
import { addRolloutRoutes } from './rolloutRoutes';
import { type RouterOptions } from './RouterOptions';

/** The routes under `/api/promotions`; `openapi.yaml` describes each. */
export function createRouter(options: RouterOptions): express.Router {
  const router = Router();
  router.use(express.json({ limit: '64kb' }));
  addReleaseRoutes(router, options);
  addDeliveryRoutes(router, options);
  addPromotionRoutes(router, options);
  addRolloutRoutes(router, options);
  addDiffRoutes(router, options);
  addLineRoutes(router, options);
  addDriftRoutes(router, options);
  addFigureRoutes(router, options);
  addEventRoutes(router, options);
  return router;
}
