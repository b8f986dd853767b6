import { createHash } from 'node:crypto';
import { type PullRequest } from '@portico/plugin-promotions-node';
import { z } from 'zod';
import { type Connection } from '../BoundClients';
import {
  COMMITTER,
  type CommitRequest,
  type GitHostClient,
  type HostedCommit,
  type HostedFile,
} from '../client/GitHostClient';
import { type Answer, HostApi } from '../client/HostApi';
import { decodeContent, filesBelow } from '../client/content';
import { newestFirst } from '../client/newestFirst';
import {
  GitHubShapedClient,
  logSchema,
  treeSchema,
} from '../client/GitHubShapedClient';

const TREE_PAGE = 1_000;
const MOST_TREE_PAGES = 20;
/** What a repository allows when it does not say which way it merges. */
const MERGE_STYLE = 'merge';
/** What Gitea says to an account that may not merge. */
const NO_RIGHT = /not allowed to merge/i;

const repositorySchema = z.object({
  html_url: z.string(),
  default_branch: z.string(),
  default_merge_style: z.string().optional(),
});
const branchSchema = z.object({ commit: z.object({ id: z.string() }) });
const contentSchema = z.object({
  type: z.string(),
  content: z.string().nullish(),
});
const compareSchema = z.object({ total_commits: z.number() });
const missingSchema = z.object({
  total_commits: z.number(),
  commits: logSchema.nullish(),
});
const changedSchema = z.object({
  commit: z.object({
    sha: z.string(),
    parents: z.array(z.object({ sha: z.string() })),
  }),
});
const pullRequestSchema = z
  .object({
    number: z.number(),
    html_url: z.string(),
    state: z.enum(['open', 'closed']),
    merged: z.boolean(),
    merge_commit_sha: z.string().nullish(),
    head: z.object({ sha: z.string() }),
  })
  .transform(
    ({ number, merged, merge_commit_sha: mergeCommit, ...found }) =>
      ({
        id: String(number),
        url: found.html_url,
        state: merged ? 'merged' : found.state,
        head: found.head.sha,
        ...(merged && mergeCommit && { mergeCommit }),
      } satisfies PullRequest),
  );

/** Gitea 1.26 or newer; older ones cannot set a branch, so only pull requests work there. */
class GiteaClient extends GitHubShapedClient implements GitHostClient {
  readonly #mergeStyle: string;

  constructor(
    api: HostApi,
    place: readonly string[],
    repository: z.infer<typeof repositorySchema>,
  ) {
    super({
      api,
      place,
      repository,
      pullRequestSchema,
      pullRequestPath: 'pulls',
    });
    this.#mergeStyle = repository.default_merge_style || MERGE_STYLE;
  }

  async head(branch: string): Promise<string | undefined> {
    const found = await this.api.find(
      { path: this.path('branches', branch) },
      branchSchema,
    );
    return found?.commit.id;
  }

  async readFile(commit: string, path: string): Promise<string | undefined> {
    const found = await this.api.find(
      {
        path: this.path('contents', ...path.split('/')),
        query: { ref: commit },
      },
      // A folder is answered with a list.
      z.union([contentSchema, z.array(z.unknown())]),
    );
    return found === undefined || Array.isArray(found) || found.type !== 'file'
      ? undefined
      : decodeContent(found.content ?? '');
  }

  async listFiles(commit: string, path: string): Promise<HostedFile[]> {
    const files: HostedFile[] = [];
    for (let page = 1; page <= MOST_TREE_PAGES; page += 1) {
      const { tree, truncated } = (await this.api.find(
        {
          path: this.path('git', 'trees', commit),
          query: { recursive: true, per_page: TREE_PAGE, page },
        },
        treeSchema,
      )) ?? { tree: [], truncated: false };
      files.push(...filesBelow(path, tree));
      if (!truncated) {
        break;
      }
    }
    return files;
  }

  async log(options: {
    ref: string;
    path?: string;
    limit: number;
    page: number;
  }): Promise<HostedCommit[]> {
    const commits = await this.api.find(
      {
        path: this.path('commits'),
        query: {
          sha: options.ref,
          path: options.path,
          limit: options.limit,
          page: options.page,
          stat: false,
          verification: false,
          files: false,
        },
      },
      logSchema,
    );
    return commits ?? [];
  }

  async missing(base: string, head: string) {
    const found = await this.api.find(
      { path: this.path('compare', `${base}...${head}`) },
      missingSchema,
    );
    return (
      found && {
        commits: newestFirst(found.commits ?? []),
        total: found.total_commits,
      }
    );
  }

  async isAncestor(commit: string, head: string): Promise<boolean> {
    const compared = await this.api.find(
      { path: this.path('compare', `${head}...${commit}`) },
      compareSchema,
    );
    return compared?.total_commits === 0;
  }

  /**
   * Gitea commits on whatever the branch is at that moment. So it is committed on a branch of
   * our own, and the branch is set to it only where it is still at the parent.
   */
  async commitOnBranch(request: CommitRequest): Promise<Answer<string>> {
    const { branch, parent, message } = request;
    const own = `portico/commit/${createHash('sha256')
      .update(JSON.stringify([branch, parent, message]))
      .digest('hex')
      .slice(0, 16)}`;
    // One that was left behind by a process that was killed.
    await this.#deleteBranch(own);
    const made = await this.commitOnNewBranch({
      ...request,
      branch: own,
      base: branch,
    });
    if (made.outcome === 'refused') {
      return made;
    }
    try {
      const set = await this.api.change(
        'PUT',
        {
          path: this.path('branches', branch),
          body: { new_commit_id: made.value, old_commit_id: parent },
        },
        z.unknown(),
      );
      return set.outcome === 'refused' ? set : made;
    } finally {
      await this.#deleteBranch(own);
    }
  }

  async commitOnNewBranch(
    request: CommitRequest & { base: string },
  ): Promise<Answer<string>> {
    const { base, branch, parent, files, message } = request;
    const answer = await this.api.change(
      'POST',
      {
        path: this.path('contents'),
        body: {
          branch: base,
          new_branch: branch,
          message,
          author: COMMITTER,
          committer: COMMITTER,
          files: files.map(({ path, content }) => ({
            operation: 'upload',
            path,
            content: Buffer.from(content).toString('base64'),
          })),
        },
      },
      changedSchema,
    );
    if (answer.outcome === 'refused') {
      return answer;
    }
    const { sha, parents } = answer.value.commit;
    if (parents[0]?.sha !== parent) {
      await this.#deleteBranch(branch);
      return {
        outcome: 'refused',
        status: 409,
        message: `${base} is not at ${parent} any more`,
      };
    }
    return { outcome: 'answered', value: sha };
  }

  findPullRequest(
    branch: string,
    base: string,
  ): Promise<PullRequest | undefined> {
    return this.api.find(
      { path: this.path('pulls', base, branch) },
      pullRequestSchema,
    );
  }

  async merge(id: string, expectedHead: string): Promise<Answer<unknown>> {
    const answer = await this.api.change(
      'POST',
      {
        path: this.path('pulls', id, 'merge'),
        body: { do: this.#mergeStyle, head_commit_id: expectedHead },
      },
      z.unknown(),
    );
    // Said with the status of what only has to wait: checks, reviews, its own look at it.
    return answer.outcome === 'refused' && NO_RIGHT.test(answer.message)
      ? { ...answer, status: 403 }
      : answer;
  }

  /** What is not there need not be deleted; what stays is harmless. */
  async #deleteBranch(branch: string): Promise<void> {
    await this.api
      .change('DELETE', { path: this.path('branches', branch) }, z.unknown())
      .catch(() => undefined);
  }
}

/** Opens a repository on Gitea; undefined when the credential sees none. */
export async function connectGitea({
  url,
  owner,
  name,
  api: options,
}: Connection): Promise<GitHostClient | undefined> {
  const api = new HostApi({
    ...options,
    url: `${url}/api/v1`,
    headers: token => ({ authorization: `token ${token}` }),
  });
  const place = ['repos', owner, name];
  const repository = await api.find({ path: place }, repositorySchema);
  return repository && new GiteaClient(api, place, repository);
}
