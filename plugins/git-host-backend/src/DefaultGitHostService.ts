import { type LoggerService } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import { type PorticoDatabase } from '@portico/database';
import { type AuditContext } from '@portico/plugin-audit-node';
import { type Repository } from '@portico/plugin-git-host-common';
import {
  type CommitFilesOptions,
  type CommitOptions,
  type GitHostPush,
  type GitHostService,
  type LogOptions,
  type RepositoryAddress,
  type RepositoryPath,
} from '@portico/plugin-git-host-node';
import { gitHostAuditActs } from './audit/auditActs';
import {
  type BegunAct,
  reasonOf,
  RepositoryAudit,
} from './audit/RepositoryAudit';
import { assertRepositoryAddress } from './address/repositoryAddress';
import { parseRepositoryUrl, repositoryUrl } from './address/repositoryUrl';
import { type GitHostConfig } from './config/readGitHostConfig';
import { GitObjects } from './git/GitObjects';
import { GitProcesses } from './git/GitProcesses';
import { commitFiles } from './store/commitFiles';
import { commitFolder } from './store/commitFolder';
import { type CommitContext } from './store/moveBranch';
import { CommitAuthors } from './store/CommitAuthors';
import { RepositoryContent } from './store/RepositoryContent';
import { RepositoryStore } from './store/RepositoryStore';

const LISTED_AT_ONCE = 4;

/**
 * The Git host of this process: its repositories, and who is told of pushes. The
 * plugin adds the HTTP side; other parts see only {@link GitHostService}.
 */
export class DefaultGitHostService implements GitHostService {
  readonly config: GitHostConfig;
  readonly processes: GitProcesses;
  readonly store: RepositoryStore;
  readonly content: RepositoryContent;
  readonly audit: RepositoryAudit;
  readonly #logger: LoggerService;
  readonly #objects: GitObjects;
  readonly #authors: CommitAuthors;
  readonly #listeners = new Set<(push: GitHostPush) => Promise<void>>();

  private constructor(options: {
    config: GitHostConfig;
    database: PorticoDatabase;
    logger: LoggerService;
    processes: GitProcesses;
    store: RepositoryStore;
  }) {
    this.config = options.config;
    this.processes = options.processes;
    this.store = options.store;
    this.#logger = options.logger;
    this.#objects = new GitObjects(options);
    this.#authors = new CommitAuthors(options);
    this.audit = new RepositoryAudit(options);
    this.content = new RepositoryContent({
      store: options.store,
      processes: options.processes,
      objects: this.#objects,
      limits: options.config.limits,
    });
  }

  static async create(options: {
    config: GitHostConfig;
    database: PorticoDatabase;
    logger: LoggerService;
  }): Promise<DefaultGitHostService> {
    const processes = new GitProcesses();
    const store = await RepositoryStore.create({
      directory: options.config.directory,
      limits: options.config.limits,
      processes,
    });
    return new DefaultGitHostService({ ...options, processes, store });
  }

  get baseUrl(): string {
    return this.config.baseUrl;
  }

  /** Calls `listener` after each change of a branch, until the returned function is called. */
  onPush(listener: (push: GitHostPush) => Promise<void>): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tells the listeners; what they do cannot fail the push. */
  announce(push: GitHostPush): void {
    for (const listener of this.#listeners) {
      listener(push).catch(error =>
        this.#logger.warn(
          `The push to ${push.tenant}/${push.repository} could not be announced`,
          error,
        ),
      );
    }
  }

  async list(options: { tenant: string }): Promise<Repository[]> {
    const names = await this.store.names(options.tenant);
    const repositories: Array<Repository | undefined> = [];
    // A few at a time: each asks git for the head of its default branch.
    for (let index = 0; index < names.length; index += LISTED_AT_ONCE) {
      repositories.push(
        ...(await Promise.all(
          names
            .slice(index, index + LISTED_AT_ONCE)
            .map(repository =>
              this.get({ tenant: options.tenant, repository }),
            ),
        )),
      );
    }
    return repositories.filter(found => found !== undefined);
  }

  async get(address: RepositoryAddress): Promise<Repository | undefined> {
    try {
      const description = await this.store.description(address);
      const defaultBranch = await this.content.defaultBranch(address);
      const head = await this.content.branchHead(address, defaultBranch);
      return {
        tenant: address.tenant,
        name: address.repository,
        description,
        defaultBranch,
        ...(head && { head }),
        cloneUrl: `${this.baseUrl}/${address.tenant}/${address.repository}.git`,
        webUrl: `${this.config.appBaseUrl}/git/${address.tenant}/${address.repository}`,
      };
    } catch (error) {
      if (error instanceof NotFoundError) {
        return undefined;
      }
      throw error;
    }
  }

  async create(
    options: RepositoryAddress & { description: string; by: AuditContext },
  ): Promise<Repository> {
    assertRepositoryAddress(options);
    await this.audit.around(
      { act: gitHostAuditActs.create, address: options, by: options.by },
      () => this.store.create(options),
    );
    const repository = await this.get(options);
    if (!repository) {
      throw new NotFoundError('The repository was deleted in the meantime');
    }
    return repository;
  }

  async delete(
    options: RepositoryAddress & { by: AuditContext },
  ): Promise<void> {
    assertRepositoryAddress(options);
    await this.audit.around(
      { act: gitHostAuditActs.delete, address: options, by: options.by },
      () => this.store.delete(options),
    );
  }

  commit(options: CommitOptions): Promise<{ commit: string }> {
    return this.#record(options, context => commitFolder(options, context));
  }

  commitFiles(options: CommitFilesOptions): Promise<{ commit: string }> {
    return this.#record(options, context => commitFiles(options, context));
  }

  async #record(
    options: Pick<
      CommitOptions,
      'tenant' | 'repository' | 'branch' | 'by' | 'onBehalfOf'
    >,
    commitWith: (
      context: CommitContext & { objects: GitObjects },
    ) => Promise<{ commit: string; changed: boolean }>,
  ): Promise<{ commit: string }> {
    // What changes nothing is no act; so it begins when the branch is about to move.
    const push: { begun?: BegunAct } = {};
    let moved: Awaited<ReturnType<typeof commitWith>>;
    try {
      moved = await commitWith({
        store: this.store,
        processes: this.processes,
        objects: this.#objects,
        limits: this.config.limits,
        beforeMove: async move => {
          push.begun = await this.audit.beginPush({
            address: options,
            by: options.by,
            moves: [move],
          });
        },
      });
    } catch (error) {
      await push.begun?.end('failed', reasonOf(error));
      throw error;
    }
    const { commit, changed } = moved;
    await push.begun?.succeed();
    if (changed) {
      this.announce({
        tenant: options.tenant,
        repository: options.repository,
        branch: options.branch,
        pushedBy: options.onBehalfOf,
      });
    }
    return { commit };
  }

  resolve(options: RepositoryAddress & { ref: string }) {
    return this.content.resolve(options);
  }

  readFile(path: RepositoryPath) {
    return this.content.readFile(path);
  }

  listFolder(path: RepositoryPath) {
    return this.content.listFolder(path);
  }

  log(options: LogOptions) {
    return this.content.log(options);
  }

  lastChange(path: RepositoryPath) {
    return this.content.lastChange(path);
  }

  async authors(options: RepositoryAddress & { ref: string; notIn?: string }) {
    const { tenant, repository, ref, notIn } = options;
    const address = { tenant, repository };
    return this.#authors.read({
      address,
      gitDirectory: await this.store.folderOf(address),
      commit: await this.content.resolve({ ...address, ref }),
      notIn:
        notIn === undefined
          ? undefined
          : await this.content.resolve({ ...address, ref: notIn }),
    });
  }

  readTree(path: RepositoryPath) {
    return this.content.readTree(path);
  }

  archive(path: RepositoryPath) {
    return this.content.archive(path);
  }

  urlOf(path: RepositoryPath): string {
    return repositoryUrl(this.baseUrl, path);
  }

  parseUrl(url: string): RepositoryPath | undefined {
    return parseRepositoryUrl(this.baseUrl, url);
  }
}
