import { type Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { isRepositoryAddress } from '../address/repositoryAddress';
import { parseRepositoryUrlPath } from '../address/repositoryUrl';
import { type RepositoryRoutesOptions } from './repositoryRoutes';

/**
 * Sends a browser that follows a source link to the page of the repository in the
 * app. Nothing is looked up, so it says the same to everybody.
 */
export function pageRedirects(
  options: Pick<RepositoryRoutesOptions, 'gitHost'>,
): Router {
  const { appBaseUrl } = options.gitHost.config;
  const router = PromiseRouter();

  router.get(
    /^\/[^/]+\/[^/]+\/(?:src|_edit)\/.+$/,
    (request, response, next) => {
      const path = parseRepositoryUrlPath(
        // Gitea's address for editing has no word for the kind of ref.
        request.path
          .slice(1)
          .replace(/^([^/]+\/[^/]+)\/_edit\//, '$1/src/branch/'),
      );
      if (!path) {
        next();
        return;
      }
      const query = new URLSearchParams({ ref: path.ref });
      if (path.path) {
        query.set('path', path.path);
      }
      response.redirect(
        302,
        `${appBaseUrl}/git/${path.tenant}/${path.repository}?${query}`,
      );
    },
  );

  router.get('/:tenant/:repository', (request, response, next) => {
    const { tenant } = request.params;
    const repository = request.params.repository.replace(/\.git$/, '');
    if (!isRepositoryAddress({ tenant, repository })) {
      next();
      return;
    }
    response.redirect(302, `${appBaseUrl}/git/${tenant}/${repository}`);
  });

  return router;
}
