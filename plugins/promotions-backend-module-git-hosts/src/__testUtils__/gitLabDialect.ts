import { z } from 'zod';
import {
  blobAnswer,
  byNumber,
  fromBase64,
  isOpen,
  page,
  treeOf,
} from './giteaDialect';
import { type Dialect, route } from './StandInHost';
import {
  AUTHOR,
  type StandInPullRequest,
  type StandInRepository,
} from './StandInRepository';

const PROJECT = '/projects/{id}';
const notFound = { status: 404, body: { message: '404 Not found' } };

/** GitLab 18. */
export const gitLabDialect: Dialect = {
  prefix: '/api/v4',
  credential: ['private-token', token => token],
  wide: [],
  routes: [
    route({
      method: 'GET',
      template: PROJECT,
      handle: ({ path, url }) =>
        path.id === 'aurora/deployments'
          ? {
              status: 200,
              body: {
                web_url: `${url}/aurora/deployments`,
                default_branch: 'main',
              },
            }
          : notFound,
    }),
    route({
      method: 'GET',
      template: `${PROJECT}/repository/branches/{branch}`,
      handle: ({ path, repository }) => {
        const id = repository.branches.get(path.branch ?? '');
        return id === undefined
          ? notFound
          : { status: 200, body: { name: path.branch, commit: { id } } };
      },
    }),
    route({
      method: 'GET',
      template: `${PROJECT}/repository/files/{file_path}`,
      query: ['ref'],
      handle: ({ path, query, repository }) => {
        const file = path.file_path ?? '';
        const commit = repository.resolve(query.get('ref') ?? '');
        const content = commit && repository.commit(commit).files[file];
        return commit === undefined || content === undefined
          ? notFound
          : {
              status: 200,
              body: {
                content: Buffer.from(content).toString('base64'),
                encoding: 'base64',
                last_commit_id: repository.log(commit, file)[0],
              },
            };
      },
    }),
    route({
      method: 'GET',
      template: `${PROJECT}/repository/tree`,
      query: ['ref', 'path', 'recursive', 'per_page', 'page'],
      handle: ({ query, repository }) => {
        const size = Number(query.get('per_page'));
        const first = (Number(query.get('page')) - 1) * size;
        return {
          status: 200,
          body: treeOf(repository, query.get('ref') ?? '')
            .filter(({ path }) => path.startsWith(query.get('path') ?? ''))
            .slice(first, first + size)
            .map(({ path, type, sha }) => ({ id: sha, path, type })),
        };
      },
    }),
    route({
      method: 'GET',
      template: `${PROJECT}/repository/blobs/{sha}`,
      handle: ({ path, repository }) => blobAnswer(repository, path.sha),
    }),
    route({
      method: 'GET',
      template: `${PROJECT}/repository/commits`,
      query: ['ref_name', 'path', 'per_page', 'page'],
      handle: ({ query, repository }) => ({
        status: 200,
        body: page(repository, query, 'ref_name', 'per_page').map(id =>
          commitBody(repository, id),
        ),
      }),
    }),
    route({
      method: 'GET',
      template: `${PROJECT}/repository/compare`,
      query: ['from', 'to'],
      handle: ({ query, repository }) => {
        const [from = '', to = ''] = [query.get('from'), query.get('to')].map(
          ref => ref ?? '',
        );
        return repository.resolve(from) && repository.resolve(to)
          ? {
              status: 200,
              body: {
                commits: repository
                  .missing(from, to)
                  .reverse()
                  .map(id => commitBody(repository, id)),
              },
            }
          : notFound;
      },
    }),
    route({
      method: 'POST',
      template: `${PROJECT}/repository/commits`,
      body: z.strictObject({
        branch: z.string(),
        start_sha: z.string().optional(),
        commit_message: z.string(),
        author_name: z.string(),
        author_email: z.string(),
        actions: z.array(
          z.strictObject({
            action: z.enum(['create', 'update']),
            file_path: z.string(),
            content: z.base64(),
            encoding: z.literal('base64'),
            last_commit_id: z.string().optional(),
          }),
        ),
      }),
      handle: ({ body, repository }) => {
        const { branch, start_sha: start, actions } = body;
        const head = repository.branches.get(branch);
        const refuse = (message: string) => ({
          status: 400,
          body: { message },
        });
        if (repository.protectedBranches.has(branch)) {
          return refuse('You are not allowed to push into this branch');
        }
        if (start !== undefined && head !== undefined) {
          return refuse(`A branch called '${branch}' already exists`);
        }
        const parent = head ?? start;
        if (parent === undefined) {
          return refuse('You can only create or edit files on a branch');
        }
        const changed = actions.some(
          ({ file_path: path, last_commit_id: last }) =>
            last !== undefined && repository.log(parent, path)[0] !== last,
        );
        if (changed) {
          return refuse('You are attempting to update a file that has changed');
        }
        const id = repository.make(
          parent,
          Object.fromEntries(
            actions.map(({ file_path: path, content }) => [
              path,
              fromBase64(content),
            ]),
          ),
          body.commit_message,
        );
        repository.branches.set(branch, id);
        return { status: 201, body: { id, message: body.commit_message } };
      },
    }),
    route({
      method: 'PUT',
      template: `${PROJECT}/merge_requests/{merge_request_iid}/merge`,
      body: z.strictObject({ sha: z.string() }),
      handle: ({ path, body, repository, url }) => {
        const found = byNumber(repository, path.merge_request_iid);
        if (!found) {
          return notFound;
        }
        if (!repository.mayMerge) {
          return { status: 403, body: { message: '403 Forbidden' } };
        }
        if (found.state !== 'open' || repository.mergesWaitFor) {
          return {
            status: 405,
            body: {
              message: repository.mergesWaitFor ?? '405 Method Not Allowed',
            },
          };
        }
        if (repository.headOf(found) !== body.sha) {
          return {
            status: 409,
            body: { message: 'SHA does not match HEAD of source branch' },
          };
        }
        repository.merge(found);
        return { status: 200, body: toBody(repository, found, url) };
      },
    }),
    route({
      method: 'GET',
      template: `${PROJECT}/merge_requests/{merge_request_iid}`,
      handle: ({ path, repository, url }) => {
        const found = byNumber(repository, path.merge_request_iid);
        return found
          ? { status: 200, body: toBody(repository, found, url) }
          : notFound;
      },
    }),
    route({
      method: 'GET',
      template: `${PROJECT}/merge_requests`,
      query: [
        'state',
        'source_branch',
        'target_branch',
        'order_by',
        'sort',
        'per_page',
      ],
      handle: ({ query, repository, url }) => ({
        status: 200,
        body: repository.pullRequests
          .filter(
            ({ branch, base }) =>
              branch === query.get('source_branch') &&
              base === query.get('target_branch'),
          )
          .reverse()
          .map(found => toBody(repository, found, url)),
      }),
    }),
    route({
      method: 'POST',
      template: `${PROJECT}/merge_requests`,
      body: z.strictObject({
        source_branch: z.string(),
        target_branch: z.string(),
        title: z.string(),
        description: z.string(),
      }),
      handle: ({ body, repository, url }) => {
        const { source_branch: branch, target_branch: base } = body;
        if (!repository.branches.has(branch)) {
          return { status: 400, body: { message: ['Source does not exist'] } };
        }
        return isOpen(repository, branch, base)
          ? {
              status: 409,
              body: { message: ['Another open merge request already exists'] },
            }
          : {
              status: 201,
              body: toBody(repository, repository.open(branch, base), url),
            };
      },
    }),
    route({
      method: 'POST',
      template: `${PROJECT}/statuses/{sha}`,
      body: z.strictObject({
        name: z.string(),
        state: z.enum(['pending', 'running', 'success', 'failed', 'canceled']),
        description: z.string().max(255),
        target_url: z.url().optional(),
      }),
      handle: ({ path, body, repository }) => {
        const { name, state } = body;
        const commit = path.sha ?? '';
        const last = repository.statuses.findLast(
          status => status.commit === commit && status.context === name,
        );
        if (last?.state === state) {
          return {
            status: 400,
            body: { message: 'Cannot transition status' },
          };
        }
        repository.statuses.push({ commit, context: name, state });
        return { status: 201, body: { name, status: state } };
      },
    }),
    route({
      method: 'GET',
      template: `${PROJECT}/repository/commits/{sha}/statuses`,
      query: ['name'],
      handle: ({ path, query, repository }) => {
        const last = repository.statuses.findLast(
          ({ commit, context }) =>
            commit === path.sha && context === query.get('name'),
        );
        return {
          status: 200,
          body: last ? [{ name: last.context, status: last.state }] : [],
        };
      },
    }),
  ],
};

function commitBody(repository: StandInRepository, id: string) {
  const { message, at } = repository.commit(id);
  return {
    id,
    message,
    author_name: AUTHOR.name,
    author_email: AUTHOR.email,
    committed_date: at,
  };
}

function toBody(
  repository: StandInRepository,
  pullRequest: StandInPullRequest,
  url: string,
) {
  const { number, state, mergeCommit } = pullRequest;
  return {
    iid: number,
    web_url: `${url}/aurora/deployments/-/merge_requests/${number}`,
    state: state === 'open' ? 'opened' : state,
    sha: repository.headOf(pullRequest),
    merge_commit_sha: mergeCommit ?? null,
    squash_commit_sha: null,
  };
}
