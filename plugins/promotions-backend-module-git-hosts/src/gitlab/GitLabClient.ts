import { type PullRequest } from '@portico/plugin-promotions-node';
import { z } from 'zod';
import { type Connection } from '../BoundClients';
import {
  COMMITTER,
  type CommitRequest,
  type GitHostClient,
  type HostedCommit,
  type HostedFile,
  type PullRequestLink,
} from '../client/GitHostClient';
import { type Answer, HostApi } from '../client/HostApi';
import { decodeContent, filesBelow } from '../client/content';
import { NO_TIME } from '../client/GitHubShapedClient';
import { newestFirst } from '../client/newestFirst';

const TREE_PAGE = 100;
const MOST_TREE_PAGES = 20;

const projectSchema = z.object({
  web_url: z.string(),
  default_branch: z.string().nullish(),
});
const branchSchema = z.object({ commit: z.object({ id: z.string() }) });
const fileSchema = z.object({
  content: z.string(),
  last_commit_id: z.string(),
});
const treeSchema = z.array(
  z
    .object({ id: z.string(), path: z.string(), type: z.string() })
    .transform(({ id, ...entry }) => ({ ...entry, blob: id })),
);
const blobSchema = z.object({ content: z.string() });
const timeSchema = z.iso.datetime({ offset: true }).nullish();
const commitSchema = z
  .object({
    id: z.string(),
    message: z.string(),
    author_name: z.string().nullish(),
    author_email: z.string().nullish(),
    committed_date: timeSchema,
    created_at: timeSchema,
  })
  .transform(
    ({ id, message, ...found }): HostedCommit => ({
      id,
      message,
      authorName: found.author_name ?? 'unknown',
      authorEmail: found.author_email ?? '',
      committedAt: found.committed_date ?? found.created_at ?? NO_TIME,
    }),
  );
const madeSchema = z.object({ id: z.string() }).transform(({ id }) => id);
const compareSchema = z.object({ commits: z.array(z.unknown()) });
const missingSchema = z.object({ commits: z.array(commitSchema) });
/** How GitLab ends the message of a merge. */
const MERGES = /^See merge request \S*!(\d{1,10})$/m;
/** A locked one is being merged at this moment; whether it works out is not known yet. */
const mergeRequestSchema = z
  .object({
    iid: z.number(),
    web_url: z.string(),
    state: z.enum(['opened', 'closed', 'locked', 'merged']),
    sha: z.string().nullish(),
    merge_commit_sha: z.string().nullish(),
    squash_commit_sha: z.string().nullish(),
  })
  .transform(({ iid, state, ...found }) => {
    const mergeCommit = found.merge_commit_sha ?? found.squash_commit_sha;
    return {
      id: String(iid),
      url: found.web_url,
      state: state === 'opened' || state === 'locked' ? 'open' : state,
      head: found.sha ?? '',
      ...(state === 'merged' && mergeCommit && { mergeCommit }),
    } satisfies PullRequest;
  });
const statusSchema = z.object({ name: z.string(), status: z.string() });

class GitLabClient implements GitHostClient {
  readonly url: string;
  readonly defaultBranch: string;
  readonly #api: HostApi;
  readonly #place: readonly string[];

  constructor(
    api: HostApi,
    place: readonly string[],
    project: z.infer<typeof projectSchema>,
  ) {
    this.#api = api;
    this.#place = place;
    this.url = project.web_url;
    // None without a commit; then there is no head of it either.
    this.defaultBranch = project.default_branch ?? 'main';
  }

  commitUrl(commit: string): string {
    return `${this.url}/-/commit/${commit}`;
  }

  async head(branch: string): Promise<string | undefined> {
    const found = await this.#api.find(
      { path: this.#path('repository', 'branches', branch) },
      branchSchema,
    );
    return found?.commit.id;
  }

  async readFile(commit: string, path: string): Promise<string | undefined> {
    const file = await this.#file(commit, path);
    return file && decodeContent(file.content);
  }

  #file(commit: string, path: string) {
    return this.#api.find(
      {
        path: this.#path('repository', 'files', path),
        query: { ref: commit },
      },
      fileSchema,
    );
  }

  async listFiles(commit: string, path: string): Promise<HostedFile[]> {
    const files: HostedFile[] = [];
    for (let page = 1; page <= MOST_TREE_PAGES; page += 1) {
      const tree =
        (await this.#api.find(
          {
            path: this.#path('repository', 'tree'),
            query: {
              ref: commit,
              path: path || undefined,
              recursive: true,
              per_page: TREE_PAGE,
              page,
            },
          },
          treeSchema,
        )) ?? [];
      files.push(...filesBelow(path, tree));
      if (tree.length < TREE_PAGE) {
        break;
      }
    }
    return files;
  }

  async readBlob(blob: string): Promise<string> {
    const { content } = this.#api.expect(
      await this.#api.ask(
        { path: this.#path('repository', 'blobs', blob) },
        blobSchema,
      ),
      'to read a file',
    );
    return decodeContent(content);
  }

  async log(options: {
    ref: string;
    path?: string;
    limit: number;
    page: number;
  }): Promise<HostedCommit[]> {
    const commits = await this.#api.find(
      {
        path: this.#path('repository', 'commits'),
        query: {
          ref_name: options.ref,
          path: options.path,
          per_page: options.limit,
          page: options.page,
        },
      },
      z.array(commitSchema),
    );
    return commits ?? [];
  }

  async missing(base: string, head: string) {
    const found = await this.#api.find(
      {
        path: this.#path('repository', 'compare'),
        query: { from: base, to: head },
      },
      missingSchema,
    );
    return (
      found && {
        commits: newestFirst(found.commits),
        total: found.commits.length,
      }
    );
  }

  mergedBy(message: string): PullRequestLink | undefined {
    const id = MERGES.exec(message)?.[1];
    return id === undefined
      ? undefined
      : { id, url: `${this.url}/-/merge_requests/${id}` };
  }

  async isAncestor(commit: string, head: string): Promise<boolean> {
    const compared = await this.#api.find(
      {
        path: this.#path('repository', 'compare'),
        query: { from: head, to: commit },
      },
      compareSchema,
    );
    return compared?.commits.length === 0;
  }

  /**
   * GitLab cannot be told where the branch has to be. It is told which commit changed each
   * file last, so that nothing goes over a change of another to the same file.
   */
  commitOnBranch(request: CommitRequest): Promise<Answer<string>> {
    return this.#commit(request, {});
  }

  commitOnNewBranch(request: CommitRequest): Promise<Answer<string>> {
    return this.#commit(request, { start_sha: request.parent });
  }

  async #commit(
    { branch, parent, files, message }: CommitRequest,
    start: { start_sha?: string },
  ): Promise<Answer<string>> {
    const actions = await Promise.all(
      files.map(async ({ path, content }) => {
        const there = await this.#file(parent, path);
        return {
          action: there ? 'update' : 'create',
          file_path: path,
          content: Buffer.from(content).toString('base64'),
          encoding: 'base64',
          ...(there && { last_commit_id: there.last_commit_id }),
        };
      }),
    );
    return this.#api.change(
      'POST',
      {
        path: this.#path('repository', 'commits'),
        body: {
          branch,
          ...start,
          commit_message: message,
          author_name: COMMITTER.name,
          author_email: COMMITTER.email,
          actions,
        },
      },
      madeSchema,
    );
  }

  async findPullRequest(
    branch: string,
    base: string,
  ): Promise<PullRequest | undefined> {
    const found = await this.#api.find(
      {
        path: this.#path('merge_requests'),
        query: {
          state: 'all',
          source_branch: branch,
          target_branch: base,
          order_by: 'created_at',
          sort: 'desc',
          per_page: 1,
        },
      },
      z.array(mergeRequestSchema),
    );
    return found?.[0];
  }

  pullRequest(id: string): Promise<PullRequest | undefined> {
    return this.#api.find(
      { path: this.#path('merge_requests', id) },
      mergeRequestSchema,
    );
  }

  openPullRequest(options: {
    branch: string;
    base: string;
    title: string;
    body: string;
  }): Promise<Answer<PullRequest>> {
    const { branch, base, title, body } = options;
    return this.#api.change(
      'POST',
      {
        path: this.#path('merge_requests'),
        body: {
          source_branch: branch,
          target_branch: base,
          title,
          description: body,
        },
      },
      mergeRequestSchema,
    );
  }

  merge(id: string, expectedHead: string): Promise<Answer<unknown>> {
    return this.#api.change(
      'PUT',
      {
        path: this.#path('merge_requests', id, 'merge'),
        body: { sha: expectedHead },
      },
      mergeRequestSchema,
    );
  }

  async setStatus(
    options: Parameters<GitHostClient['setStatus']>[0],
  ): Promise<Answer<unknown>> {
    const { commit, context, description, url } = options;
    const state = options.state === 'failure' ? 'failed' : options.state;
    const answer = await this.#api.change(
      'POST',
      {
        path: this.#path('statuses', commit),
        body: {
          name: context,
          state,
          description,
          ...(url && { target_url: url }),
        },
      },
      statusSchema,
    );
    if (answer.outcome === 'answered' || answer.status !== 400) {
      return answer;
    }
    // GitLab refuses to set what is set already.
    const there = await this.#api.find(
      {
        path: this.#path('repository', 'commits', commit, 'statuses'),
        query: { name: context },
      },
      z.array(statusSchema),
    );
    return there?.some(({ status }) => status === state)
      ? { outcome: 'answered', value: undefined }
      : answer;
  }

  #path(...parts: string[]): string[] {
    return [...this.#place, ...parts];
  }
}

/** Opens a project on GitLab; undefined when the credential sees none. */
export async function connectGitLab({
  url,
  owner,
  name,
  api: options,
}: Connection): Promise<GitHostClient | undefined> {
  const api = new HostApi({
    ...options,
    url: `${url}/api/v4`,
    headers: token => ({ 'private-token': token }),
  });
  const place = ['projects', `${owner}/${name}`];
  const project = await api.find({ path: place }, projectSchema);
  return project && new GitLabClient(api, place, project);
}
