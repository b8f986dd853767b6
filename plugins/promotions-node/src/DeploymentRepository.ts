import { type Delivery } from '@portico/plugin-promotions-common';

/** A file as it is or will be. */
export interface DeploymentFileContent {
  /** Relative to the repository's root. */
  path: string;
  content: string;
}

/** A pull request as Portico needs it. */
export interface PullRequest {
  id: string;
  url: string;
  state: 'open' | 'merged' | 'closed';
  /** Head of its branch. */
  head: string;
  mergeCommit?: string;
}

/** Pull requests, where the host has them. */
export interface PullRequests {
  /** The one from this branch, whatever its state. */
  find(branch: string): Promise<PullRequest | undefined>;
  /** @throws ConflictError when there is one already: find it */
  open(options: {
    branch: string;
    base: string;
    title: string;
    body: string;
  }): Promise<PullRequest>;
  /** Commit status, so that nobody merges past the gates by hand. */
  setStatus(options: {
    commit: string;
    /** `portico/<environment>` */
    context: string;
    state: 'pending' | 'success' | 'failure';
    description: string;
    url?: string;
  }): Promise<void>;
  /**
   * Merges; a merged one is success.
   *
   * @throws ConflictError when its head moved; ServiceUnavailableError when to try again
   */
  merge(options: { id: string; expectedHead: string }): Promise<PullRequest>;
}

/** A commit that changed a file of the repository. */
export interface DeploymentChange {
  id: string;
  /** As the commit says, which anybody can write. */
  author: string;
  /** As the commit says; not to be relied on. */
  committedAt: string;
  trailers: Readonly<Record<string, string>>;
  /** For people. */
  url: string;
}

/** The repository that says what runs, on whatever host. Opened for one tenant. */
export interface DeploymentRepository {
  /** For people. */
  readonly url: string;
  readonly pullRequests: PullRequests | undefined;
  /** Head of a branch, of the default one without a name. */
  head(
    branch?: string,
  ): Promise<{ branch: string; commit: string } | undefined>;
  /** Undefined when there is no such file at the commit. */
  readFile(options: {
    commit: string;
    path: string;
  }): Promise<string | undefined>;
  /** All files below a folder, for rendering and comparing; bounded. */
  readFolder(options: {
    commit: string;
    path: string;
  }): Promise<DeploymentFileContent[]>;
  /** The commit of a branch whose trailer has this value, among the last few hundred. */
  findByTrailer(options: {
    branch: string;
    name: string;
    value: string;
  }): Promise<string | undefined>;
  /** The newest commit, from `commit` back, that changed something below a folder. */
  lastChange(options: {
    commit: string;
    path: string;
  }): Promise<string | undefined>;
  /** The newest 50 commits, newest first from `commit` back, that changed a file. */
  changes(options: {
    commit: string;
    path: string;
  }): Promise<DeploymentChange[]>;
  /** Whether a commit is in the history of a branch. */
  contains(options: { branch: string; commit: string }): Promise<boolean>;
  /**
   * Commits files on a branch, which is made from `expectedHead` when it does not exist.
   *
   * @throws ConflictError when the branch is elsewhere
   */
  commit(options: {
    branch: string;
    expectedHead: string;
    files: DeploymentFileContent[];
    message: string;
    trailers: Record<string, string>;
    onBehalfOf: string;
  }): Promise<{ commit: string; url?: string }>;
}

/** Opens deployment repositories of one kind of host. */
export interface DeploymentRepositoryHost {
  /** What environments name in `delivery.repository.host`: `portico`, or the name of a system. */
  readonly kind: string;
  /**
   * @throws NotFoundError when the tenant has no such repository, or was not granted it
   */
  open(options: {
    tenant: string;
    repository: Delivery['repository'];
    signal: AbortSignal;
  }): Promise<DeploymentRepository>;
}
