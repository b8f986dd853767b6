import { type PullRequest } from '@portico/plugin-promotions-node';
import { z } from 'zod';
import { decodeContent } from './content';
import {
  type GitHostClient,
  type HostedCommit,
  type PullRequestLink,
} from './GitHostClient';
import { type Answer, type HostApi } from './HostApi';

/** Of a commit that says no time, which only a broken one does. */
export const NO_TIME = '1970-01-01T00:00:00.000Z';
/** How both write that a pull request was merged, as a merge and squashed into one. */
const MERGES = [
  /^Merge pull request #(\d{1,10}) /,
  /^Merge pull request '.*' \(#(\d{1,10})\) /,
  /^.*\(#(\d{1,10})\)$/,
];

const personSchema = z
  .object({
    name: z.string().nullish(),
    email: z.string().nullish(),
    date: z.iso.datetime({ offset: true }).nullish(),
  })
  .nullish();
const blobSchema = z.object({ content: z.string() });

/** Entries of a tree; `truncated` where there are more. */
export const treeSchema = z.object({
  tree: z.array(
    z
      .object({ path: z.string(), type: z.string(), sha: z.string() })
      .transform(({ sha, ...entry }) => ({ ...entry, blob: sha })),
  ),
  truncated: z.boolean(),
});

/** A page of the commits of a branch or file. */
export const logSchema = z.array(
  z
    .object({
      sha: z.string(),
      commit: z.object({
        message: z.string(),
        author: personSchema,
        committer: personSchema,
      }),
    })
    .transform(
      ({ sha, commit: { message, author, committer } }): HostedCommit => ({
        id: sha,
        message,
        authorName: author?.name ?? 'unknown',
        authorEmail: author?.email ?? '',
        committedAt: committer?.date ?? author?.date ?? NO_TIME,
      }),
    ),
);

/** What GitHub's API and Gitea's, which was made after it, have in common. */
export abstract class GitHubShapedClient {
  readonly url: string;
  readonly defaultBranch: string;
  protected readonly api: HostApi;
  readonly #place: readonly string[];
  readonly #pullRequestPath: string;
  readonly #pullRequestSchema: z.ZodType<PullRequest>;

  protected constructor(options: {
    api: HostApi;
    place: readonly string[];
    repository: { html_url: string; default_branch: string };
    pullRequestSchema: z.ZodType<PullRequest>;
    /** Where people see pull requests, below the repository. */
    pullRequestPath: string;
  }) {
    this.api = options.api;
    this.url = options.repository.html_url;
    this.defaultBranch = options.repository.default_branch;
    this.#place = options.place;
    this.#pullRequestPath = options.pullRequestPath;
    this.#pullRequestSchema = options.pullRequestSchema;
  }

  commitUrl(commit: string): string {
    return `${this.url}/commit/${commit}`;
  }

  mergedBy(message: string): PullRequestLink | undefined {
    const [subject] = message.split('\n');
    const id = MERGES.map(form => form.exec(subject.trim())?.[1]).find(
      number => number !== undefined,
    );
    return id === undefined
      ? undefined
      : { id, url: `${this.url}/${this.#pullRequestPath}/${id}` };
  }

  async readBlob(blob: string): Promise<string> {
    const { content } = this.api.expect(
      await this.api.ask({ path: this.path('git', 'blobs', blob) }, blobSchema),
      'to read a file',
    );
    return decodeContent(content);
  }

  pullRequest(id: string): Promise<PullRequest | undefined> {
    return this.api.find(
      { path: this.path('pulls', id) },
      this.#pullRequestSchema,
    );
  }

  openPullRequest(
    options: Parameters<GitHostClient['openPullRequest']>[0],
  ): Promise<Answer<PullRequest>> {
    const { branch, base, title, body } = options;
    return this.api.change(
      'POST',
      { path: this.path('pulls'), body: { head: branch, base, title, body } },
      this.#pullRequestSchema,
    );
  }

  setStatus(
    options: Parameters<GitHostClient['setStatus']>[0],
  ): Promise<Answer<unknown>> {
    const { commit, context, state, description, url } = options;
    return this.api.change(
      'POST',
      {
        path: this.path('statuses', commit),
        body: { context, state, description, ...(url && { target_url: url }) },
      },
      z.object({ id: z.number() }),
    );
  }

  /** A path of the API below the repository. */
  protected path(...parts: string[]): string[] {
    return [...this.#place, ...parts];
  }
}
