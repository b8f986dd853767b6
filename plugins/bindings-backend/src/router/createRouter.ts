import express from 'express';
import Router from 'express-promise-router';
import { addCredentialRoutes } from './credentialRoutes';
import { addGrantRoutes } from './grantRoutes';
import { type RouterOptions } from './RouterOptions';

/** The routes under `/api/bindings`; `openapi.yaml` describes each. */
export function createRouter(options: RouterOptions): express.Router {
  const router = Router();
  router.use(express.json({ limit: '64kb' }));
  addGrantRoutes(router, options);
  addCredentialRoutes(router, options);
  return router;
}
