import { z } from 'zod';
import {
  blobAnswer,
  byNumber,
  commitBody,
  isOpen,
  page,
  treeOf,
} from './giteaDialect';
import { type Dialect, route } from './StandInHost';
import {
  type StandInPullRequest,
  type StandInRepository,
} from './StandInRepository';

const REPOSITORY = '/repos/{owner}/{repo}';
const notFound = { status: 404, body: { message: 'Not Found' } };
const trees = new Map<string, Record<string, string>>();

/** GitHub Enterprise Server 3.19, and github.com. */
export const gitHubDialect: Dialect = {
  prefix: '/api/v3',
  credential: ['authorization', token => `Bearer ${token}`],
  wide: ['ref', 'path'],
  routes: [
    route({
      method: 'GET',
      template: REPOSITORY,
      handle: ({ path, url }) =>
        path.owner === 'aurora' && path.repo === 'deployments'
          ? {
              status: 200,
              body: {
                html_url: `${url}/aurora/deployments`,
                default_branch: 'main',
                allow_merge_commit: true,
                allow_squash_merge: true,
              },
            }
          : notFound,
    }),
    route({
      method: 'GET',
      template: `${REPOSITORY}/git/ref/{ref}`,
      handle: ({ path, repository }) => {
        const sha = repository.branches.get(branchOf(path.ref));
        return sha === undefined
          ? notFound
          : {
              status: 200,
              body: { ref: `refs/${path.ref}`, object: { sha } },
            };
      },
    }),
    route({
      method: 'PATCH',
      template: `${REPOSITORY}/git/refs/{ref}`,
      body: z.strictObject({ sha: z.string(), force: z.boolean().optional() }),
      handle: ({ path, body, repository }) => {
        const branch = branchOf(path.ref);
        const refusal = repository.protectedBranches.has(branch)
          ? 'Protected branch update failed'
          : 'Update is not a fast forward';
        if (
          repository.protectedBranches.has(branch) ||
          (body.force !== true && !repository.isFastForward(branch, body.sha))
        ) {
          return { status: 422, body: { message: refusal } };
        }
        repository.branches.set(branch, body.sha);
        return { status: 200, body: { object: { sha: body.sha } } };
      },
    }),
    route({
      method: 'POST',
      template: `${REPOSITORY}/git/refs`,
      body: z.strictObject({ ref: z.string(), sha: z.string() }),
      handle: ({ body, repository }) => {
        const branch = body.ref.replace('refs/heads/', '');
        if (repository.branches.has(branch)) {
          return { status: 422, body: { message: 'Reference already exists' } };
        }
        repository.branches.set(branch, body.sha);
        return { status: 201, body: { object: { sha: body.sha } } };
      },
    }),
    route({
      method: 'GET',
      template: `${REPOSITORY}/contents/{path}`,
      query: ['ref'],
      handle: ({ path, query, repository }) => {
        const file = path.path ?? '';
        const commit = repository.resolve(query.get('ref') ?? 'main');
        const entries = commit ? treeOf(repository, commit) : [];
        const found = entries.find(entry => entry.path === file);
        if (found) {
          const { status, body } = blobAnswer(repository, found.sha);
          return { status, body: { ...body, type: 'file', sha: found.sha } };
        }
        return entries.some(entry => entry.path.startsWith(`${file}/`))
          ? { status: 200, body: [] }
          : notFound;
      },
    }),
    route({
      method: 'GET',
      template: `${REPOSITORY}/git/trees/{tree_sha}`,
      query: ['recursive'],
      handle: ({ path, repository }) => ({
        status: 200,
        body: {
          tree: treeOf(repository, path.tree_sha ?? ''),
          truncated: false,
        },
      }),
    }),
    route({
      method: 'GET',
      template: `${REPOSITORY}/git/blobs/{file_sha}`,
      handle: ({ path, repository }) => blobAnswer(repository, path.file_sha),
    }),
    route({
      method: 'POST',
      template: `${REPOSITORY}/git/trees`,
      body: z.strictObject({
        base_tree: z.string(),
        tree: z.array(
          z.strictObject({
            path: z.string(),
            mode: z.enum(['100644', '100755']),
            type: z.enum(['blob']),
            content: z.string(),
          }),
        ),
      }),
      handle: ({ body }) => {
        const sha = `tree${trees.size}`;
        trees.set(
          sha,
          Object.fromEntries(
            body.tree.map(({ path, content }) => [path, content]),
          ),
        );
        return { status: 201, body: { sha, truncated: false } };
      },
    }),
    route({
      method: 'GET',
      template: `${REPOSITORY}/git/commits/{commit_sha}`,
      handle: ({ path, repository }) => {
        const sha = path.commit_sha ?? '';
        return repository.commits.has(sha)
          ? { status: 200, body: { sha, tree: { sha: `tree-of-${sha}` } } }
          : notFound;
      },
    }),
    route({
      method: 'POST',
      template: `${REPOSITORY}/git/commits`,
      body: z.strictObject({
        message: z.string(),
        tree: z.string(),
        parents: z.tuple([z.string()]),
        author: z.strictObject({ name: z.string(), email: z.string() }),
      }),
      handle: ({ body, repository }) => ({
        status: 201,
        body: {
          sha: repository.make(
            body.parents[0],
            trees.get(body.tree) ?? {},
            body.message,
          ),
        },
      }),
    }),
    route({
      method: 'GET',
      template: `${REPOSITORY}/commits`,
      query: ['sha', 'path', 'per_page', 'page'],
      handle: ({ query, repository }) => ({
        status: 200,
        body: page(repository, query, 'sha', 'per_page').map(sha =>
          commitBody(repository, sha),
        ),
      }),
    }),
    route({
      method: 'GET',
      template: `${REPOSITORY}/compare/{basehead}`,
      query: ['per_page', 'page'],
      handle: ({ path, query, repository }) => {
        const [base = '', head = ''] = (path.basehead ?? '').split('...');
        return repository.resolve(base) && repository.resolve(head)
          ? {
              status: 200,
              body: comparedBody(repository, query, base, head),
            }
          : notFound;
      },
    }),
    route({
      method: 'PUT',
      template: `${REPOSITORY}/pulls/{pull_number}/merge`,
      body: z.strictObject({
        sha: z.string(),
        merge_method: z.enum(['merge', 'squash', 'rebase']),
      }),
      handle: ({ path, body, repository }) => {
        const found = byNumber(repository, path.pull_number);
        if (!found) {
          return notFound;
        }
        if (!repository.mayMerge) {
          return {
            status: 403,
            body: { message: 'Resource not accessible by integration' },
          };
        }
        if (found.state !== 'open' || repository.mergesWaitFor) {
          return {
            status: 405,
            body: {
              message:
                repository.mergesWaitFor ?? 'Pull Request is not mergeable',
            },
          };
        }
        if (repository.headOf(found) !== body.sha) {
          return {
            status: 409,
            body: { message: 'Head branch was modified' },
          };
        }
        return {
          status: 200,
          body: { sha: repository.merge(found), merged: true },
        };
      },
    }),
    route({
      method: 'GET',
      template: `${REPOSITORY}/pulls/{pull_number}`,
      handle: ({ path, repository, url }) => {
        const found = byNumber(repository, path.pull_number);
        return found
          ? { status: 200, body: toBody(repository, found, url) }
          : notFound;
      },
    }),
    route({
      method: 'GET',
      template: `${REPOSITORY}/pulls`,
      query: ['state', 'head', 'base', 'per_page'],
      handle: ({ query, repository, url }) => ({
        status: 200,
        body: repository.pullRequests
          .filter(
            ({ branch, base }) =>
              `aurora:${branch}` === query.get('head') &&
              base === query.get('base'),
          )
          .reverse()
          .map(found => toBody(repository, found, url)),
      }),
    }),
    route({
      method: 'POST',
      template: `${REPOSITORY}/pulls`,
      body: z.strictObject({
        head: z.string(),
        base: z.string(),
        title: z.string(),
        body: z.string(),
      }),
      handle: ({ body, repository, url }) =>
        isOpen(repository, body.head, body.base) ||
        !repository.branches.has(body.head)
          ? {
              status: 422,
              body: {
                message: 'Validation Failed',
                errors: [{ message: 'A pull request already exists' }],
              },
            }
          : {
              status: 201,
              body: toBody(
                repository,
                repository.open(body.head, body.base),
                url,
              ),
            },
    }),
    route({
      method: 'POST',
      template: `${REPOSITORY}/statuses/{sha}`,
      body: z.strictObject({
        context: z.string(),
        state: z.enum(['error', 'failure', 'pending', 'success']),
        description: z.string().max(140),
        target_url: z.url().optional(),
      }),
      handle: ({ path, body, repository }) => {
        const { context, state } = body;
        repository.statuses.push({ commit: path.sha ?? '', context, state });
        return {
          status: 201,
          body: { id: repository.statuses.length, context, state },
        };
      },
    }),
  ],
};

/** Oldest first, by pages, and the first has the files, too. */
function comparedBody(
  repository: StandInRepository,
  query: URLSearchParams,
  base: string,
  head: string,
) {
  const missing = repository.missing(base, head).reverse();
  const size = Number(query.get('per_page') ?? 250);
  const first = (Number(query.get('page') ?? 1) - 1) * size;
  return {
    ahead_by: missing.length,
    total_commits: missing.length,
    commits: missing
      .slice(first, first + size)
      .map(sha => commitBody(repository, sha)),
  };
}

function branchOf(ref: string | undefined): string {
  return (ref ?? '').replace(/^heads\//, '');
}

function toBody(
  repository: StandInRepository,
  pullRequest: StandInPullRequest,
  url: string,
) {
  const { number, state, mergeCommit } = pullRequest;
  return {
    number,
    html_url: `${url}/aurora/deployments/pull/${number}`,
    state: state === 'open' ? 'open' : 'closed',
    merged_at: state === 'merged' ? '2026-11-22T00:00:00Z' : null,
    // Before the merge it is the one that was tried.
    merge_commit_sha: mergeCommit ?? 'f'.repeat(40),
    head: { sha: repository.headOf(pullRequest) },
  };
}
