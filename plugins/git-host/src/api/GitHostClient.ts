import { ResponseError } from '@backstage/errors';
import { type FetchApi } from '@backstage/frontend-plugin-api';
import {
  commitListSchema,
  fileContentSchema,
  repositoryListSchema,
  repositorySchema,
  treeSchema,
} from '@portico/plugin-git-host-common';
import { type GitHostApi, type RepositoryName } from './GitHostApi';

const REQUEST_TIMEOUT_MILLISECONDS = 30_000;

/** Talks to `/api/git-host/repositories` and checks each answer against its schema. */
export class GitHostClient implements GitHostApi {
  readonly #fetchApi: FetchApi;

  constructor(options: { fetchApi: FetchApi }) {
    this.#fetchApi = options.fetchApi;
  }

  async list({ tenant }: { tenant: string }) {
    return repositoryListSchema.parse(await this.#get([], { tenant })).items;
  }

  async get({ tenant, repository }: RepositoryName) {
    return repositorySchema.parse(await this.#get([tenant, repository]));
  }

  async tree(at: RepositoryName & { ref: string; path: string }) {
    const { tenant, repository, ref, path } = at;
    return treeSchema.parse(
      await this.#get([tenant, repository, 'tree'], { ref, path }),
    );
  }

  async file(at: RepositoryName & { ref: string; path: string }) {
    const { tenant, repository, ref, path } = at;
    return fileContentSchema.parse(
      await this.#get([tenant, repository, 'file'], { ref, path }),
    );
  }

  async lastCommit(at: RepositoryName & { ref: string }) {
    const { tenant, repository, ref } = at;
    const { items } = commitListSchema.parse(
      await this.#get([tenant, repository, 'commits'], { ref, limit: '1' }),
    );
    return items.at(0);
  }

  async #get(
    path: string[],
    query: Record<string, string> = {},
  ): Promise<unknown> {
    const address = ['repositories', ...path].map(encodeURIComponent).join('/');
    const search = new URLSearchParams(query).toString();
    const response = await this.#fetchApi.fetch(
      `plugin://git-host/${address}${search && `?${search}`}`,
      { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MILLISECONDS) },
    );
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return response.json();
  }
}
