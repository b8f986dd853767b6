import express from 'express';
import Router from 'express-promise-router';
import { addDeviceRoutes } from './deviceRoutes';
import { addDirectoryRoutes } from './directoryRoutes';
import { addMemberRoutes } from './memberRoutes';
import { addOwnRoutes } from './ownRoutes';
import { type RouterOptions } from './RouterOptions';
import { addScimRoutes } from './scimRoutes';
import { addSessionRoutes } from './sessionRoutes';
import { addSourceRoutes } from './sourceRoutes';
import { addTenantRoutes } from './tenantRoutes';
import { addTokenRoutes } from './tokenRoutes';
import { addWebhookRoutes } from './webhookRoutes';

/** The routes under `/api/tenancy`; `openapi.yaml` describes each. */
export function createRouter(options: RouterOptions): express.Router {
  const router = Router();
  // The signature of a webhook covers the raw body, so its route comes before JSON.
  addWebhookRoutes(router, options);
  // SCIM reads its bodies after the token, and has a form of its own for them.
  addScimRoutes(router, options);
  router.use(express.json({ limit: '64kb' }));
  addOwnRoutes(router, options);
  addSessionRoutes(router, options);
  addTenantRoutes(router, options);
  addSourceRoutes(router, options);
  addMemberRoutes(router, options);
  addTokenRoutes(router, options);
  addDirectoryRoutes(router, options);
  addDeviceRoutes(router, options);
  return router;
}
