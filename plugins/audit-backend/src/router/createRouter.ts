import express from 'express';
import Router from 'express-promise-router';
import { addChainRoutes } from './chainRoutes';
import { addEntryRoutes } from './entryRoutes';
import { addErasureRoutes } from './erasureRoutes';
import { addExportRoutes } from './exportRoutes';
import { type RouterOptions } from './RouterOptions';
import { addTailRoutes } from './tailRoutes';

/** The routes under `/api/audit`; `openapi.yaml` describes each. */
export function createRouter(options: RouterOptions): express.Router {
  const router = Router();
  router.use(express.json({ limit: '64kb' }));
  addEntryRoutes(router, options);
  addChainRoutes(router, options);
  addExportRoutes(router, options);
  addTailRoutes(router, options);
  addErasureRoutes(router, options);
  return router;
}
