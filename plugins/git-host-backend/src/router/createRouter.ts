import { type RequestHandler, type Router } from 'express';
import PromiseRouter from 'express-promise-router';
import {
  type RepositoryRoutesOptions,
  repositoryRoutes,
} from './repositoryRoutes';
import { giteaRoutes } from './giteaRoutes';
import { pageRedirects } from './pageRedirects';

/** All routes of the plugin; nothing in front of git may read the body. */
export function createRouter(
  options: RepositoryRoutesOptions & { gitDoor: RequestHandler },
): Router {
  const router = PromiseRouter();
  router.use(options.gitDoor);
  router.use('/repositories', repositoryRoutes(options));
  router.use('/api/v1', giteaRoutes(options));
  router.use(pageRedirects(options));
  return router;
}
