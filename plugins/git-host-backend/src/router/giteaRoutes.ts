import { pipeline } from 'node:stream/promises';
import { NotFoundError } from '@backstage/errors';
import { type Request, type Response, type Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { isRepositoryAddress } from '../address/repositoryAddress';
import { type RepositoryRoutesOptions } from './repositoryRoutes';

/**
 * The part of Gitea's read API that URL readers use, for backends that do not hold
 * the repositories. Same credentials and decisions as for git itself.
 */
export function giteaRoutes(
  options: Pick<RepositoryRoutesOptions, 'gitHost' | 'authorizer'>,
): Router {
  const { gitHost, authorizer } = options;
  const router = PromiseRouter();

  const readable = async (request: Request, response: Response) => {
    const address = {
      tenant: request.params.owner,
      repository: request.params.repository,
    };
    try {
      const caller = await authorizer.fromRequest(request);
      if (!isRepositoryAddress(address)) {
        throw new NotFoundError('No such repository');
      }
      await authorizer.authorize(caller, 'read', address);
    } catch (error) {
      if (error instanceof Error && error.name === 'AuthenticationError') {
        response.setHeader('www-authenticate', 'Basic realm="Portico"');
      }
      throw error;
    }
    const repository = await gitHost.get(address);
    if (!repository) {
      throw new NotFoundError('No such repository');
    }
    return { address, repository };
  };

  router.get('/repos/:owner/:repository', async (request, response) => {
    const { repository } = await readable(request, response);
    response.json({
      name: repository.name,
      full_name: `${repository.tenant}/${repository.name}`,
      description: repository.description,
      default_branch: repository.defaultBranch,
      empty: repository.head === undefined,
      private: true,
      clone_url: repository.cloneUrl,
      html_url: repository.webUrl,
    });
  });

  router.get(
    '/repos/:owner/:repository/contents/*',
    async (request, response) => {
      const { address, repository } = await readable(request, response);
      const path = lastParameter(request).replace(/\/+$/, '');
      const ref =
        typeof request.query.ref === 'string'
          ? request.query.ref
          : repository.defaultBranch;
      const commit = await gitHost.resolve({ ...address, ref });
      const content = await gitHost.readFile({ ...address, ref: commit, path });
      response.setHeader('etag', `"${commit}"`);
      response.json({
        type: 'file',
        name: path.split('/').at(-1),
        path,
        size: content.length,
        encoding: 'base64',
        content: content.toString('base64'),
      });
    },
  );

  router.get(
    '/repos/:owner/:repository/git/commits/*',
    async (request, response) => {
      const { address } = await readable(request, response);
      const sha = await gitHost.resolve({
        ...address,
        ref: lastParameter(request),
      });
      response.json({ sha });
    },
  );

  router.get(
    '/repos/:owner/:repository/archive/*',
    async (request, response) => {
      const { address } = await readable(request, response);
      const name = lastParameter(request);
      if (!name.endsWith('.tar.gz')) {
        throw new NotFoundError('Only archives in the form tar.gz are made');
      }
      const { commit, stream } = await gitHost.content.archive({
        ...address,
        ref: name.slice(0, -'.tar.gz'.length),
        path: '',
        format: 'tar.gz',
      });
      response.setHeader('content-type', 'application/gzip');
      response.setHeader('etag', `"${commit}"`);
      await pipeline(stream, response);
    },
  );

  return router;
}

/** What the `*` of a route stands for, decoded once. */
function lastParameter(request: Request): string {
  return (request.params as Record<string, string>)[0] ?? '';
}
