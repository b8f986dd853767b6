import { type HttpAuthService } from '@backstage/backend-plugin-api';
import { InputError, NotFoundError } from '@backstage/errors';
import {
  type CommitList,
  type FileContent,
  type Repository,
  type RepositoryList,
  type Tree,
} from '@portico/plugin-git-host-common';
import {
  PLATFORM_TENANT,
  tenantIdSchema,
} from '@portico/plugin-tenancy-common';
import { type Request, type Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { z } from 'zod';
import { type RepositoryAuthorizer } from '../access/RepositoryAuthorizer';
import {
  isRefName,
  isRepositoryAddress,
  isRepositoryPath,
} from '../address/repositoryAddress';
import { type DefaultGitHostService } from '../DefaultGitHostService';

export interface RepositoryRoutesOptions {
  gitHost: DefaultGitHostService;
  authorizer: RepositoryAuthorizer;
  httpAuth: HttpAuthService;
}

const refSchema = z.string().refine(isRefName, {
  error: 'is neither a branch name nor a commit id',
});
const pathSchema = z.string().refine(isRepositoryPath, {
  error: "is no path in a repository: no '.', '..', '.git', leading slash",
});
const listQuerySchema = z.strictObject({ tenant: tenantIdSchema });
const pathQuerySchema = z.strictObject({
  ref: refSchema.optional(),
  path: pathSchema.default(''),
});
const commitsQuerySchema = z.strictObject({
  ref: refSchema.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

/** The JSON API for the pages of the portal: `/repositories…`. */
export function repositoryRoutes(options: RepositoryRoutesOptions): Router {
  const { gitHost, authorizer, httpAuth } = options;
  const router = PromiseRouter();

  /** The repository of a request that its caller may read; else the same 404. */
  const readable = async (request: Request): Promise<Repository> => {
    const address = {
      tenant: request.params.tenant,
      repository: request.params.repository,
    };
    const credentials = await httpAuth.credentials(request, {
      allow: ['user'],
    });
    const caller = await authorizer.fromCredentials(credentials);
    if (!isRepositoryAddress(address)) {
      throw new NotFoundError('No such repository');
    }
    await authorizer.authorize(caller, 'read', address);
    const repository = await gitHost.get(address);
    if (!repository) {
      throw new NotFoundError('No such repository');
    }
    return repository;
  };

  router.get('/', async (request, response) => {
    const credentials = await httpAuth.credentials(request, {
      allow: ['user'],
    });
    const caller = await authorizer.fromCredentials(credentials);
    const query = parse(listQuerySchema, {
      tenant: caller.tenant,
      ...request.query,
    });
    if (query.tenant !== caller.tenant && query.tenant !== PLATFORM_TENANT) {
      // As an existing tenant without repositories, or none at all, would answer.
      response.json({ items: [] } satisfies RepositoryList);
      return;
    }
    await authorizer.authorize(caller, 'read', {
      tenant: query.tenant,
      repository: 'any',
    });
    const items = await gitHost.list({ tenant: query.tenant });
    response.json({ items } satisfies RepositoryList);
  });

  router.get('/:tenant/:repository', async (request, response) => {
    response.json(await readable(request));
  });

  router.get('/:tenant/:repository/tree', async (request, response) => {
    const repository = await readable(request);
    const { ref = repository.defaultBranch, path } = parse(
      pathQuerySchema,
      request.query,
    );
    const address = { tenant: repository.tenant, repository: repository.name };
    const commit = await gitHost.resolve({ ...address, ref });
    const entries = await gitHost.listFolder({ ...address, ref: commit, path });
    response.json({ ref, commit, path, entries } satisfies Tree);
  });

  router.get('/:tenant/:repository/file', async (request, response) => {
    const repository = await readable(request);
    const { ref = repository.defaultBranch, path } = parse(
      pathQuerySchema,
      request.query,
    );
    const content = await gitHost.readFile({
      tenant: repository.tenant,
      repository: repository.name,
      ref,
      path,
    });
    response.json({
      path,
      size: content.length,
      ...encodeContent(content),
    } satisfies FileContent);
  });

  router.get('/:tenant/:repository/commits', async (request, response) => {
    const repository = await readable(request);
    const { ref = repository.defaultBranch, limit } = parse(
      commitsQuerySchema,
      request.query,
    );
    const address = { tenant: repository.tenant, repository: repository.name };
    const items =
      repository.head || ref !== repository.defaultBranch
        ? await gitHost.log({ ...address, ref, limit })
        : [];
    response.json({ items } satisfies CommitList);
  });

  return router;
}

/** @throws InputError that names the parameter */
function parse<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value);
  if (!result.success) {
    throw new InputError(
      result.error.issues
        .map(issue => `The parameter ${issue.path.join('.')} ${issue.message}`)
        .join('; '),
    );
  }
  return result.data;
}

/** Text as text, so that people can read the answer; all else as base64. */
function encodeContent(
  content: Buffer,
): Pick<FileContent, 'encoding' | 'content'> {
  if (!content.includes(0)) {
    try {
      const text = new TextDecoder('utf-8', {
        fatal: true,
        ignoreBOM: true,
      }).decode(content);
      return { encoding: 'utf-8', content: text };
    } catch {
      // not UTF-8
    }
  }
  return { encoding: 'base64', content: content.toString('base64') };
}
