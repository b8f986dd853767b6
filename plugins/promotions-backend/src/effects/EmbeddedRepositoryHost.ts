import { isError, NotFoundError, NotImplementedError } from '@backstage/errors';
import { pluginAuditContext } from '@portico/plugin-audit-node';
import {
  repositoryNameSchema,
  type Repository,
} from '@portico/plugin-git-host-common';
import {
  type GitHostService,
  type RepositoryAddress,
} from '@portico/plugin-git-host-node';
import {
  type DeploymentFileContent,
  type DeploymentRepository,
  type DeploymentRepositoryHost,
} from '@portico/plugin-promotions-node';

const MOST_CHANGES = 50;

class EmbeddedRepository implements DeploymentRepository {
  readonly pullRequests = undefined;
  readonly #gitHost: GitHostService;
  readonly #repository: Repository;
  readonly #address: RepositoryAddress;

  constructor(gitHost: GitHostService, repository: Repository) {
    this.#gitHost = gitHost;
    this.#repository = repository;
    this.#address = { tenant: repository.tenant, repository: repository.name };
  }

  get url(): string {
    return this.#repository.webUrl;
  }

  async head(branch = this.#repository.defaultBranch) {
    const commit = await ifThere(() =>
      this.#gitHost.resolve({ ...this.#address, ref: branch }),
    );
    return commit === undefined ? undefined : { branch, commit };
  }

  async readFile({ commit, path }: { commit: string; path: string }) {
    const content = await ifThere(() =>
      this.#gitHost.readFile({ ...this.#address, ref: commit, path }),
    );
    return content?.toString('utf8');
  }

  async readFolder({
    commit,
    path,
  }: {
    commit: string;
    path: string;
  }): Promise<DeploymentFileContent[]> {
    const tree = await ifThere(() =>
      this.#gitHost.readTree({ ...this.#address, ref: commit, path }),
    );
    const prefix = path === '' ? '' : `${path}/`;
    return (tree?.files ?? []).map(file => ({
      path: `${prefix}${file.path}`,
      content: file.content.toString('utf8'),
    }));
  }

  async findByTrailer({
    branch,
    ...trailer
  }: {
    branch: string;
    name: string;
    value: string;
  }) {
    const commits = await ifThere(() =>
      this.#gitHost.log({ ...this.#address, ref: branch, limit: 1, trailer }),
    );
    return commits?.[0]?.id;
  }

  async lastChange({ commit, path }: { commit: string; path: string }) {
    return this.#gitHost.lastChange({ ...this.#address, ref: commit, path });
  }

  async changes({ commit, path }: { commit: string; path: string }) {
    const commits = await this.#gitHost.log({
      ...this.#address,
      ref: commit,
      limit: MOST_CHANGES,
      path,
    });
    return commits.map(({ id, authorName, committedAt, trailers }) => ({
      id,
      author: authorName,
      committedAt,
      trailers,
      url: `${this.url}?ref=${id}`,
    }));
  }

  async contains({ branch, commit }: { branch: string; commit: string }) {
    const missing = await ifThere(() =>
      this.#gitHost.log({
        ...this.#address,
        ref: commit,
        notIn: branch,
        limit: 1,
      }),
    );
    return missing?.length === 0;
  }

  async commit(options: Parameters<DeploymentRepository['commit']>[0]) {
    if ((await this.head(options.branch)) === undefined) {
      throw new NotImplementedError(
        `There is no branch '${options.branch}' in ${this.#address.tenant}/${
          this.#address.repository
        }, and the embedded Git host makes none`,
      );
    }
    const { commit } = await this.#gitHost.commitFiles({
      ...this.#address,
      branch: options.branch,
      message: options.message,
      author: { name: 'Portico', email: 'portico@portico.invalid' },
      onBehalfOf: options.onBehalfOf,
      by: pluginAuditContext('promotions', {
        correlation: options.trailers['Portico-Promotion'],
      }),
      files: options.files,
      expectedHead: options.expectedHead,
      trailers: options.trailers,
    });
    return { commit, url: `${this.url}?ref=${commit}` };
  }
}

/** Deployment repositories on the embedded Git host: those of the own tenant, by name. */
export class EmbeddedRepositoryHost implements DeploymentRepositoryHost {
  readonly kind = 'portico';
  readonly #gitHost: GitHostService;

  constructor(options: { gitHost: GitHostService }) {
    this.#gitHost = options.gitHost;
  }

  async open(
    options: Parameters<DeploymentRepositoryHost['open']>[0],
  ): Promise<DeploymentRepository> {
    const { tenant, repository } = options;
    const name = repositoryNameSchema.safeParse(repository.name);
    const found = name.success
      ? await this.#gitHost.get({ tenant, repository: name.data })
      : undefined;
    if (!found) {
      throw new NotFoundError(
        `'${tenant}' has no repository '${repository.name}'; create the component from a golden path, or name another repository in the environment`,
      );
    }
    return new EmbeddedRepository(this.#gitHost, found);
  }
}

/** What is not there is an answer. */
async function ifThere<T>(fn: () => Promise<T>): Promise<T | undefined> {
  try {
    return await fn();
  } catch (error) {
    if (isError(error) && error.name === 'NotFoundError') {
      return undefined;
    }
    throw error;
  }
}
