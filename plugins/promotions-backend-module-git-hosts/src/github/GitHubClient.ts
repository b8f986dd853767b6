import { type PullRequest } from '@portico/plugin-promotions-node';
import { InputError } from '@backstage/errors';
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
import {
  GitHubShapedClient,
  logSchema,
  treeSchema,
} from '../client/GitHubShapedClient';

/** The version of the API that is spoken. */
const VERSION = '2022-11-28';
const PLAIN_FILE = '100644';

const repositorySchema = z.object({
  html_url: z.string(),
  default_branch: z.string(),
  // Only those who may push are told.
  allow_merge_commit: z.boolean().optional(),
  allow_squash_merge: z.boolean().optional(),
});
const refSchema = z.object({ object: z.object({ sha: z.string() }) });
const contentSchema = z.object({
  type: z.string(),
  sha: z.string(),
  content: z.string().optional(),
  encoding: z.string().optional(),
});
const compareSchema = z.object({ ahead_by: z.number() });
const missingSchema = z.object({ ahead_by: z.number(), commits: logSchema });
const COMPARED_PAGE = 100;
const commitSchema = z.object({
  sha: z.string(),
  tree: z.object({ sha: z.string() }),
});
const shaSchema = z.object({ sha: z.string() }).transform(({ sha }) => sha);
/** Before the merge, `merge_commit_sha` is of a merge that was only tried. */
const pullRequestSchema = z
  .object({
    number: z.number(),
    html_url: z.string(),
    state: z.enum(['open', 'closed']),
    merged_at: z.string().nullish(),
    merge_commit_sha: z.string().nullish(),
    head: z.object({ sha: z.string() }),
  })
  .transform(
    ({
      number,
      merged_at: mergedAt,
      merge_commit_sha: mergeCommit,
      ...found
    }) =>
      ({
        id: String(number),
        url: found.html_url,
        state: mergedAt ? 'merged' : found.state,
        head: found.head.sha,
        ...(mergedAt && mergeCommit && { mergeCommit }),
      } satisfies PullRequest),
  );

/** github.com has its API elsewhere; GitHub Enterprise Server below its own address. */
function apiUrl(url: string): string {
  return new URL(url).host === 'github.com'
    ? 'https://api.github.com'
    : `${url}/api/v3`;
}

class GitHubClient extends GitHubShapedClient implements GitHostClient {
  readonly #owner: string;
  readonly #mergeMethod: 'merge' | 'squash' | 'rebase';

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
      pullRequestPath: 'pull',
    });
    this.#owner = place[1];
    this.#mergeMethod = mergeMethodOf(repository);
  }

  async head(branch: string): Promise<string | undefined> {
    const found = await this.api.find(
      { path: this.path('git', 'ref', 'heads', ...branch.split('/')) },
      refSchema,
    );
    return found?.object.sha;
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
    if (found === undefined || Array.isArray(found) || found.type !== 'file') {
      return undefined;
    }
    // Above 1 MB the content is left out.
    return found.encoding === 'base64' && found.content !== undefined
      ? decodeContent(found.content)
      : this.readBlob(found.sha);
  }

  async listFiles(commit: string, path: string): Promise<HostedFile[]> {
    const found = await this.api.find(
      { path: this.path('git', 'trees', commit), query: { recursive: 1 } },
      treeSchema,
    );
    if (found?.truncated) {
      throw new InputError(
        `${this.url} has more files than GitHub lists at once; use a smaller deployment repository`,
      );
    }
    return filesBelow(path, found?.tree ?? []);
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
          per_page: options.limit,
          page: options.page,
        },
      },
      logSchema,
    );
    return commits ?? [];
  }

  /** GitHub tells them oldest first, so that the newest are on the last pages. */
  async missing(base: string, head: string) {
    const read = (page: number) =>
      this.api.find(
        {
          path: this.path('compare', `${base}...${head}`),
          query: { per_page: COMPARED_PAGE, page },
        },
        missingSchema,
      );
    const first = await read(1);
    if (!first || first.ahead_by <= COMPARED_PAGE) {
      return (
        first && { commits: first.commits.reverse(), total: first.ahead_by }
      );
    }
    const last = Math.ceil(first.ahead_by / COMPARED_PAGE);
    const pages = await Promise.all([
      last === 2 ? first : read(last - 1),
      read(last),
    ]);
    return {
      commits: pages.flatMap(page => page?.commits ?? []).reverse(),
      total: first.ahead_by,
    };
  }

  async isAncestor(commit: string, head: string): Promise<boolean> {
    const compared = await this.api.find(
      { path: this.path('compare', `${head}...${commit}`) },
      compareSchema,
    );
    return compared?.ahead_by === 0;
  }

  async commitOnBranch(request: CommitRequest): Promise<Answer<string>> {
    const made = await this.#makeCommit(request);
    if (made.outcome === 'refused') {
      return made;
    }
    // Without force it is taken only where the parent still is the head.
    const set = await this.api.change(
      'PATCH',
      {
        path: this.path('git', 'refs', 'heads', ...request.branch.split('/')),
        body: { sha: made.value, force: false },
      },
      refSchema,
    );
    return set.outcome === 'refused' ? set : made;
  }

  async commitOnNewBranch(request: CommitRequest): Promise<Answer<string>> {
    const made = await this.#makeCommit(request);
    if (made.outcome === 'refused') {
      return made;
    }
    const set = await this.api.change(
      'POST',
      {
        path: this.path('git', 'refs'),
        body: { ref: `refs/heads/${request.branch}`, sha: made.value },
      },
      refSchema,
    );
    return set.outcome === 'refused' ? set : made;
  }

  /** A commit that no branch leads to yet. */
  async #makeCommit({
    parent,
    files,
    message,
  }: CommitRequest): Promise<Answer<string>> {
    const base = await this.api.ask(
      { path: this.path('git', 'commits', parent) },
      commitSchema,
    );
    if (base.outcome === 'refused') {
      return base;
    }
    const tree = await this.api.change(
      'POST',
      {
        path: this.path('git', 'trees'),
        body: {
          base_tree: base.value.tree.sha,
          tree: files.map(({ path, content }) => ({
            path,
            mode: PLAIN_FILE,
            type: 'blob',
            content,
          })),
        },
      },
      shaSchema,
    );
    if (tree.outcome === 'refused') {
      return tree;
    }
    return this.api.change(
      'POST',
      {
        path: this.path('git', 'commits'),
        body: {
          message,
          tree: tree.value,
          parents: [parent],
          author: COMMITTER,
        },
      },
      shaSchema,
    );
  }

  async findPullRequest(
    branch: string,
    base: string,
  ): Promise<PullRequest | undefined> {
    const found = await this.api.find(
      {
        path: this.path('pulls'),
        query: {
          state: 'all',
          head: `${this.#owner}:${branch}`,
          base,
          per_page: 1,
        },
      },
      z.array(pullRequestSchema),
    );
    return found?.[0];
  }

  merge(id: string, expectedHead: string): Promise<Answer<unknown>> {
    return this.api.change(
      'PUT',
      {
        path: this.path('pulls', id, 'merge'),
        body: { sha: expectedHead, merge_method: this.#mergeMethod },
      },
      shaSchema,
    );
  }
}

/** Opens a repository on GitHub; undefined when the credential sees none. */
export async function connectGitHub({
  url,
  owner,
  name,
  api: options,
}: Connection): Promise<GitHostClient | undefined> {
  const api = new HostApi({
    ...options,
    url: apiUrl(url),
    headers: token => ({
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${token}`,
      'x-github-api-version': VERSION,
    }),
  });
  const place = ['repos', owner, name];
  const repository = await api.find({ path: place }, repositorySchema);
  return repository && new GitHubClient(api, place, repository);
}

/** The first way that the repository allows. */
function mergeMethodOf({
  allow_merge_commit: allowsMerge,
  allow_squash_merge: allowsSquash,
}: z.infer<typeof repositorySchema>): 'merge' | 'squash' | 'rebase' {
  if (allowsMerge ?? true) {
    return 'merge';
  }
  return allowsSquash ?? true ? 'squash' : 'rebase';
}
