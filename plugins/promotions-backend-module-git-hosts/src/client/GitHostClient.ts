import {
  type DeploymentFileContent,
  type PullRequest,
} from '@portico/plugin-promotions-node';
import { type Answer } from './HostApi';

/** A commit as the host lists it. */
export interface HostedCommit {
  id: string;
  message: string;
  authorName: string;
  authorEmail: string;
  committedAt: string;
}

/** A pull request by its number. */
export interface PullRequestLink {
  id: string;
  url: string;
}

/** A file of a tree. */
export interface HostedFile {
  path: string;
  /** Of its content. */
  blob: string;
}

/** What is committed. */
export interface CommitRequest {
  branch: string;
  /** The commit that it goes on. */
  parent: string;
  files: readonly DeploymentFileContent[];
  /** With its trailers. */
  message: string;
}

/** Who commits; on whose behalf stands in the trailers. */
export const COMMITTER = {
  name: 'Portico',
  email: 'portico@portico.invalid',
} as const;

/**
 * One repository on one kind of host, in the words of that host's API. What is decided on
 * its answers is decided in `HostedRepository`, for all hosts alike.
 */
export interface GitHostClient {
  /** Of the repository, for people. */
  readonly url: string;
  readonly defaultBranch: string;
  /** Head of a branch. */
  head(branch: string): Promise<string | undefined>;
  readFile(commit: string, path: string): Promise<string | undefined>;
  /** The files below a folder, all of them. */
  listFiles(commit: string, path: string): Promise<HostedFile[]>;
  readBlob(blob: string): Promise<string>;
  /** Newest first. */
  log(options: {
    ref: string;
    path?: string;
    limit: number;
    page: number;
  }): Promise<HostedCommit[]>;
  /**
   * The newest commits that lead to a head and not to a base, and how many there are;
   * undefined when one of the two is not there.
   */
  missing(
    base: string,
    head: string,
  ): Promise<{ commits: HostedCommit[]; total: number } | undefined>;
  /** The pull request that a message of the host's own says that it merges. */
  mergedBy(message: string): PullRequestLink | undefined;
  /** Whether all that leads to a commit leads to the head as well. */
  isAncestor(commit: string, head: string): Promise<boolean>;
  /** On a branch whose head is the parent. */
  commitOnBranch(request: CommitRequest): Promise<Answer<string>>;
  /** On a branch that does not exist, in one step. */
  commitOnNewBranch(
    request: CommitRequest & { base: string },
  ): Promise<Answer<string>>;
  commitUrl(commit: string): string;
  /** The newest one from a branch. */
  findPullRequest(
    branch: string,
    base: string,
  ): Promise<PullRequest | undefined>;
  pullRequest(id: string): Promise<PullRequest | undefined>;
  openPullRequest(options: {
    branch: string;
    base: string;
    title: string;
    body: string;
  }): Promise<Answer<PullRequest>>;
  merge(id: string, expectedHead: string): Promise<Answer<unknown>>;
  setStatus(options: {
    commit: string;
    context: string;
    state: 'pending' | 'success' | 'failure';
    description: string;
    url?: string;
  }): Promise<Answer<unknown>>;
}
