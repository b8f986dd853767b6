import {
  ConflictError,
  InputError,
  ServiceUnavailableError,
} from '@backstage/errors';
import {
  type DeploymentChange,
  type DeploymentFileContent,
  type DeploymentRepository,
  type PullRequest,
  type PullRequests,
} from '@portico/plugin-promotions-node';
import { type GitHostClient } from './client/GitHostClient';
import { type Refusal } from './client/HostApi';
import { hasTrailer, trailersOf, withTrailers } from './trailers';

/** Hosts answer with no more than this at once. */
const COMMITS_OF_A_PAGE = 50;
const MOST_PAGES = 6;
const MOST_FILES = 300;
const FILES_AT_ONCE = 6;

/**
 * A deployment repository on a Git host: what the host's answers mean for a promotion,
 * whichever host it is.
 */
export class HostedRepository implements DeploymentRepository {
  readonly pullRequests: PullRequests = {
    find: branch => this.#client.findPullRequest(branch, this.#base),
    open: options => this.#openPullRequest(options),
    setStatus: options => this.#setStatus(options),
    merge: options => this.#merge(options),
  };
  readonly #client: GitHostClient;
  readonly #host: string;
  readonly #base: string;

  /**
   * @param options - `host` is its title, for people; `branch` the one of the environment
   */
  constructor(options: {
    client: GitHostClient;
    host: string;
    branch: string | undefined;
  }) {
    this.#client = options.client;
    this.#host = options.host;
    this.#base = options.branch ?? options.client.defaultBranch;
  }

  get url(): string {
    return this.#client.url;
  }

  async head(branch = this.#client.defaultBranch) {
    const commit = await this.#client.head(branch);
    return commit === undefined ? undefined : { branch, commit };
  }

  readFile({ commit, path }: { commit: string; path: string }) {
    return this.#client.readFile(commit, path);
  }

  async readFolder({
    commit,
    path,
  }: {
    commit: string;
    path: string;
  }): Promise<DeploymentFileContent[]> {
    const files = await this.#client.listFiles(commit, path);
    if (files.length > MOST_FILES) {
      throw new InputError(
        `${path || 'The root'} of ${this.url} has ${
          files.length
        } files, and Portico reads no more than ${MOST_FILES}; give each component a folder of its own`,
      );
    }
    const read: DeploymentFileContent[] = [];
    for (let first = 0; first < files.length; first += FILES_AT_ONCE) {
      const some = files.slice(first, first + FILES_AT_ONCE);
      read.push(
        ...(await Promise.all(
          some.map(async file => ({
            path: file.path,
            content: await this.#client.readBlob(file.blob),
          })),
        )),
      );
    }
    return read;
  }

  async findByTrailer({
    branch,
    ...trailer
  }: {
    branch: string;
    name: string;
    value: string;
  }) {
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const commits = await this.#client.log({
        ref: branch,
        limit: COMMITS_OF_A_PAGE,
        page,
      });
      const found = commits.find(({ message }) => hasTrailer(message, trailer));
      if (found || commits.length === 0) {
        return found?.id;
      }
    }
    return undefined;
  }

  async lastChange({ commit, path }: { commit: string; path: string }) {
    const [last] = await this.#client.log({
      ref: commit,
      limit: 1,
      page: 1,
      ...(path !== '' && { path }),
    });
    return last?.id;
  }

  async changes({
    commit,
    path,
  }: {
    commit: string;
    path: string;
  }): Promise<DeploymentChange[]> {
    const commits = await this.#client.log({
      ref: commit,
      path,
      limit: COMMITS_OF_A_PAGE,
      page: 1,
    });
    return commits.map(({ id, message, authorName, committedAt }) => ({
      id,
      author: authorName,
      committedAt,
      trailers: trailersOf(message),
      url: this.#client.commitUrl(id),
    }));
  }

  async contains({ branch, commit }: { branch: string; commit: string }) {
    const head = await this.#client.head(branch);
    return (
      head !== undefined &&
      (head === commit || (await this.#client.isAncestor(commit, head)))
    );
  }

  async commit(options: Parameters<DeploymentRepository['commit']>[0]) {
    const { branch, expectedHead, files } = options;
    const request = {
      branch,
      parent: expectedHead,
      files,
      message: withTrailers(options.message, {
        ...options.trailers,
        'Portico-On-Behalf-Of': options.onBehalfOf,
      }),
    };
    const head = await this.#client.head(branch);
    if (head !== undefined && head !== expectedHead) {
      throw this.#elsewhere(branch);
    }
    const answer =
      head === undefined
        ? await this.#client.commitOnNewBranch({ ...request, base: this.#base })
        : await this.#client.commitOnBranch(request);
    if (answer.outcome === 'answered') {
      const commit = answer.value;
      return { commit, url: this.#client.commitUrl(commit) };
    }
    // Hosts say alike that it moved and that it is protected; where it is tells which.
    if ((await this.#client.head(branch)) !== head) {
      throw this.#elsewhere(branch);
    }
    if (
      head === undefined &&
      (await this.#client.head(this.#base)) !== expectedHead
    ) {
      throw this.#elsewhere(this.#base);
    }
    throw new InputError(
      `${this.#host} takes no commit on ${branch}: ${said(
        answer,
      )}. Let the tenant's account push there, or write 'pullRequest' into delivery.write of the environment`,
    );
  }

  async #openPullRequest(
    options: Parameters<PullRequests['open']>[0],
  ): Promise<PullRequest> {
    const answer = await this.#client.openPullRequest(options);
    if (answer.outcome === 'answered') {
      return answer.value;
    }
    const { branch, base } = options;
    if (await this.#client.findPullRequest(branch, base)) {
      throw new ConflictError(
        `There is a pull request from ${branch} on ${this.#host} already`,
      );
    }
    throw new InputError(
      `${this.#host} opens no pull request from ${branch}: ${said(answer)}`,
    );
  }

  async #setStatus(
    options: Parameters<PullRequests['setStatus']>[0],
  ): Promise<void> {
    const answer = await this.#client.setStatus(options);
    if (answer.outcome === 'refused') {
      throw new InputError(
        `${this.#host} takes no status ${options.context} on ${
          options.commit
        }: ${said(answer)}; let the tenant's account set statuses`,
      );
    }
  }

  async #merge({
    id,
    expectedHead,
  }: Parameters<PullRequests['merge']>[0]): Promise<PullRequest> {
    const answer = await this.#client.merge(id, expectedHead);
    const now = await this.#client.pullRequest(id);
    if (!now) {
      throw new InputError(`The pull request ${id} on ${this.#host} is gone`);
    }
    if (answer.outcome === 'answered' || now.state === 'merged') {
      return { ...now, state: 'merged' };
    }
    if (now.state === 'closed') {
      throw new InputError(
        `The pull request ${id} was closed without a merge; promote again if it is still wanted`,
      );
    }
    if (now.head !== expectedHead) {
      throw new ConflictError(
        `Somebody pushed to the branch of the pull request ${id} on ${
          this.#host
        }`,
      );
    }
    if (answer.status === 403) {
      throw new InputError(
        `${this.#host} does not let the tenant's account merge ${id}: ${said(
          answer,
        )}`,
      );
    }
    // Checks of others, reviews that its rules ask for, or it still looks: all may come.
    throw new ServiceUnavailableError(
      `${this.#host} does not merge the pull request ${id} yet: ${said(
        answer,
      )}`,
    );
  }

  #elsewhere(branch: string): Error {
    return new ConflictError(
      `Somebody committed on ${branch} of ${this.url} in between`,
    );
  }
}

function said({ message, status }: Refusal): string {
  return `${message} (${status})`;
}
