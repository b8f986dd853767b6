import { z } from 'zod';
import { type Dialect, route } from './StandInHost';
import {
  AUTHOR,
  shaOf,
  type StandInPullRequest,
  type StandInRepository,
} from './StandInRepository';

const REPOSITORY = '/repos/{owner}/{repo}';
const identity = z.strictObject({ name: z.string(), email: z.string() });
const notFound = { status: 404, body: { message: 'not found', url: '' } };

/** Gitea 1.26. */
export const giteaDialect: Dialect = {
  prefix: '/api/v1',
  credential: ['authorization', token => `token ${token}`],
  wide: ['filepath', 'branch', 'head'],
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
                default_merge_style: 'merge',
              },
            }
          : notFound,
    }),
    route({
      method: 'GET',
      template: `${REPOSITORY}/branches/{branch}`,
      handle: ({ path, repository }) => {
        const id = repository.branches.get(path.branch ?? '');
        return id === undefined
          ? notFound
          : { status: 200, body: { name: path.branch, commit: { id } } };
      },
    }),
    route({
      method: 'PUT',
      template: `${REPOSITORY}/branches/{branch}`,
      body: z.strictObject({
        new_commit_id: z.string(),
        old_commit_id: z.string().optional(),
        force: z.boolean().optional(),
      }),
      handle: ({ path, body, repository }) => {
        const branch = path.branch ?? '';
        if (repository.protectedBranches.has(branch)) {
          return {
            status: 403,
            body: { message: `branch ${branch} is protected`, url: '' },
          };
        }
        if (
          repository.branches.get(branch) !== body.old_commit_id ||
          !repository.isFastForward(branch, body.new_commit_id)
        ) {
          return {
            status: 422,
            body: { message: 'branch commit does not match', url: '' },
          };
        }
        repository.branches.set(branch, body.new_commit_id);
        return { status: 204 };
      },
    }),
    route({
      method: 'DELETE',
      template: `${REPOSITORY}/branches/{branch}`,
      handle: ({ path, repository }) =>
        repository.branches.delete(path.branch ?? '')
          ? { status: 204 }
          : notFound,
    }),
    route({
      method: 'GET',
      template: `${REPOSITORY}/contents/{filepath}`,
      query: ['ref'],
      handle: ({ path, query, repository }) => {
        const file = path.filepath ?? '';
        const commit = repository.resolve(query.get('ref') ?? 'main');
        const files = commit ? repository.commit(commit).files : {};
        const content = files[file];
        if (content !== undefined) {
          return {
            status: 200,
            body: {
              type: 'file',
              encoding: 'base64',
              content: Buffer.from(content).toString('base64'),
            },
          };
        }
        return Object.keys(files).some(name => name.startsWith(`${file}/`))
          ? { status: 200, body: [{ type: 'file', name: 'one' }] }
          : notFound;
      },
    }),
    route({
      method: 'POST',
      template: `${REPOSITORY}/contents`,
      body: z.strictObject({
        branch: z.string(),
        new_branch: z.string(),
        message: z.string(),
        author: identity,
        committer: identity,
        files: z.array(
          z.strictObject({
            operation: z.enum(['create', 'update', 'upload', 'delete']),
            path: z.string(),
            content: z.base64(),
          }),
        ),
      }),
      handle: ({ body, repository }) => {
        const head = repository.branches.get(body.branch);
        if (head === undefined) {
          return notFound;
        }
        if (repository.branches.has(body.new_branch)) {
          return {
            status: 422,
            body: { message: 'branch already exists', url: '' },
          };
        }
        const sha = repository.make(
          head,
          Object.fromEntries(
            body.files.map(({ path, content }) => [path, fromBase64(content)]),
          ),
          body.message,
        );
        repository.branches.set(body.new_branch, sha);
        return {
          status: 201,
          body: { commit: { sha, parents: [{ sha: head }] } },
        };
      },
    }),
    route({
      method: 'GET',
      template: `${REPOSITORY}/git/trees/{sha}`,
      query: ['recursive', 'per_page', 'page'],
      handle: ({ path, repository }) => ({
        status: 200,
        body: { tree: treeOf(repository, path.sha ?? ''), truncated: false },
      }),
    }),
    route({
      method: 'GET',
      template: `${REPOSITORY}/git/blobs/{sha}`,
      handle: ({ path, repository }) => blobAnswer(repository, path.sha),
    }),
    route({
      method: 'GET',
      template: `${REPOSITORY}/commits`,
      query: ['sha', 'path', 'limit', 'page', 'stat', 'verification', 'files'],
      handle: ({ query, repository }) => ({
        status: 200,
        body: page(repository, query, 'sha', 'limit').map(sha =>
          commitBody(repository, sha),
        ),
      }),
    }),
    route({
      method: 'GET',
      template: `${REPOSITORY}/compare/{basehead}`,
      handle: ({ path, repository }) => {
        const [base = '', head = ''] = (path.basehead ?? '').split('...');
        return repository.resolve(base) && repository.resolve(head)
          ? {
              status: 200,
              body: comparedBody(repository, base, head),
            }
          : notFound;
      },
    }),
    route({
      method: 'POST',
      template: `${REPOSITORY}/pulls/{index}/merge`,
      body: z.strictObject({
        do: z.enum(['merge', 'rebase', 'squash', 'fast-forward-only']),
        head_commit_id: z.string(),
      }),
      handle: ({ path, body, repository }) => {
        const found = byNumber(repository, path.index);
        if (!found) {
          return notFound;
        }
        if (!repository.mayMerge) {
          return {
            status: 405,
            body: { message: 'User not allowed to merge PR', url: '' },
          };
        }
        if (found.state === 'closed') {
          return notFound;
        }
        if (found.state === 'merged') {
          return {
            status: 405,
            body: { message: 'The PR is already merged', url: '' },
          };
        }
        if (repository.mergesWaitFor) {
          return {
            status: 405,
            body: { message: repository.mergesWaitFor, url: '' },
          };
        }
        if (repository.headOf(found) !== body.head_commit_id) {
          return {
            status: 409,
            body: { message: 'head out of date', url: '' },
          };
        }
        repository.merge(found);
        return { status: 200 };
      },
    }),
    route({
      method: 'GET',
      template: `${REPOSITORY}/pulls/{base}/{head}`,
      handle: ({ path, repository, url }) => {
        const found = repository.pullRequests.find(
          ({ base, branch }) => base === path.base && branch === path.head,
        );
        return found
          ? { status: 200, body: toBody(repository, found, url) }
          : notFound;
      },
    }),
    route({
      method: 'GET',
      template: `${REPOSITORY}/pulls/{index}`,
      handle: ({ path, repository, url }) => {
        const found = byNumber(repository, path.index);
        return found
          ? { status: 200, body: toBody(repository, found, url) }
          : notFound;
      },
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
      handle: ({ body, repository, url }) => {
        if (!repository.branches.has(body.head)) {
          return {
            status: 422,
            body: { message: 'base and head must be branches', url: '' },
          };
        }
        return isOpen(repository, body.head, body.base)
          ? {
              status: 409,
              body: { message: 'pull request already exists', url: '' },
            }
          : {
              status: 201,
              body: toBody(
                repository,
                repository.open(body.head, body.base),
                url,
              ),
            };
      },
    }),
    route({
      method: 'POST',
      template: `${REPOSITORY}/statuses/{sha}`,
      body: z.strictObject({
        context: z.string(),
        state: z.enum(['pending', 'success', 'error', 'failure', 'warning']),
        description: z.string(),
        target_url: z.url().optional(),
      }),
      handle: ({ path, body, repository }) => {
        const { context, state } = body;
        repository.statuses.push({ commit: path.sha ?? '', context, state });
        return {
          status: 201,
          body: { id: repository.statuses.length, context, status: state },
        };
      },
    }),
  ],
};

function comparedBody(
  repository: StandInRepository,
  base: string,
  head: string,
) {
  const missing = repository.missing(base, head);
  return {
    total_commits: missing.length,
    commits: missing.map(sha => commitBody(repository, sha)),
  };
}

/** A commit as Gitea and GitHub list it. */
export function commitBody(repository: StandInRepository, sha: string) {
  const { message, at } = repository.commit(sha);
  return {
    sha,
    commit: {
      message,
      author: { ...AUTHOR, date: at },
      committer: { ...AUTHOR, date: at },
    },
  };
}

function toBody(
  repository: StandInRepository,
  pullRequest: StandInPullRequest,
  url: string,
) {
  const { number, state, mergeCommit } = pullRequest;
  return {
    number,
    html_url: `${url}/aurora/deployments/pulls/${number}`,
    state: state === 'open' ? 'open' : 'closed',
    merged: state === 'merged',
    ...(mergeCommit && { merge_commit_sha: mergeCommit }),
    head: { sha: repository.headOf(pullRequest) },
  };
}

/** The files of a commit, as all hosts list them. */
export function treeOf(repository: StandInRepository, ref: string) {
  const commit = repository.resolve(ref);
  const paths = commit ? Object.entries(repository.commit(commit).files) : [];
  return paths.map(([path, content]) => ({
    path,
    type: 'blob',
    sha: shaOf(content),
  }));
}

/** A blob by its digits. */
export function blobAnswer(
  repository: StandInRepository,
  sha: string | undefined,
) {
  const content = repository.blob(sha ?? '');
  return content === undefined
    ? notFound
    : {
        status: 200,
        body: {
          content: Buffer.from(content).toString('base64'),
          encoding: 'base64',
        },
      };
}

/** A page of commits, asked with the names of the vendor. */
export function page(
  repository: StandInRepository,
  query: URLSearchParams,
  refName: string,
  limitName: string,
): string[] {
  const limit = Number(query.get(limitName) ?? 30);
  const first = (Number(query.get('page') ?? 1) - 1) * limit;
  return repository
    .log(query.get(refName) ?? 'main', query.get('path') ?? undefined)
    .slice(first, first + limit);
}

/** A pull request by what stands in the path. */
export function byNumber(
  repository: StandInRepository,
  number: string | undefined,
): StandInPullRequest | undefined {
  return repository.pullRequests.find(one => String(one.number) === number);
}

/** Whether there is an open one between two branches. */
export function isOpen(
  repository: StandInRepository,
  head: string,
  to: string,
): boolean {
  return repository.pullRequests.some(
    ({ branch, base, state }) =>
      branch === head && base === to && state === 'open',
  );
}

/** Text that was sent as base64. */
export function fromBase64(content: string): string {
  return Buffer.from(content, 'base64').toString('utf8');
}
