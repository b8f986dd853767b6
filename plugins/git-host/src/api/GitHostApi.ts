import { createApiRef } from '@backstage/frontend-plugin-api';
import {
  type Commit,
  type FileContent,
  type Repository,
  type Tree,
} from '@portico/plugin-git-host-common';

/** A repository by its tenant and name. */
export interface RepositoryName {
  tenant: string;
  repository: string;
}

/**
 * What the pages read of the Git host. Each call throws a `ResponseError`: 404
 * where something is absent or belongs to another tenant, 403 without the right.
 */
export interface GitHostApi {
  list(options: { tenant: string }): Promise<Repository[]>;
  get(name: RepositoryName): Promise<Repository>;
  /** A folder; `''` is the root. */
  tree(at: RepositoryName & { ref: string; path: string }): Promise<Tree>;
  file(
    at: RepositoryName & { ref: string; path: string },
  ): Promise<FileContent>;
  /** The newest commit of a branch or commit. */
  lastCommit(at: RepositoryName & { ref: string }): Promise<Commit | undefined>;
}

export const gitHostApiRef = createApiRef<GitHostApi>().with({
  id: 'plugin.git-host',
  pluginId: 'git-host',
});
