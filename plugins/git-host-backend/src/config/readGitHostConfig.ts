import { resolve } from 'node:path';
import { type Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { repositoryNameSchema } from '@portico/plugin-git-host-common';

/** A repository of the platform that is made from a folder at each start. */
export interface PlatformRepositoryConfig {
  name: string;
  title: string;
  /** Absolute path. */
  directory: string;
  /** Names below `directory` that are published; all without it. */
  include: string[] | undefined;
  /** Catalog file in the repository; the first of the usual names without it. */
  catalogFile: string | undefined;
}

/** Bounds of the Git host; sizes in bytes. */
export interface GitHostLimits {
  /** Largest pack that a push may send. */
  pushBytes: number;
  /** Largest file that the read API and the readers give out. */
  fileBytes: number;
  /** Largest tree that is read or committed in one piece. */
  treeBytes: number;
  /** Most files of such a tree. */
  treeFiles: number;
  /** What all repositories of one tenant may occupy. */
  tenantBytes: number;
  /** Most repositories of one tenant. */
  tenantRepositories: number;
  /** Most clones and pushes of one tenant at the same time. */
  tenantTransfers: number;
  /** Longest time of one clone or push, in seconds. */
  transferSeconds: number;
}

export interface GitHostConfig {
  /** Absolute path of the folder that holds one folder per tenant. */
  directory: string;
  /** `<backend.baseUrl>/api/git-host`. */
  baseUrl: string;
  /** `app.baseUrl` without a slash at the end. */
  appBaseUrl: string;
  limits: GitHostLimits;
  platformRepositories: PlatformRepositoryConfig[];
}

const MIB = 1024 * 1024;

const DEFAULT_LIMITS: GitHostLimits = {
  pushBytes: 256 * MIB,
  fileBytes: 5 * MIB,
  treeBytes: 64 * MIB,
  treeFiles: 5_000,
  tenantBytes: 5 * 1024 * MIB,
  tenantRepositories: 1_000,
  tenantTransfers: 8,
  transferSeconds: 900,
};

/**
 * Reads `gitHost` from the app's configuration.
 *
 * @throws InputError with the key, when a value cannot be used
 */
export function readGitHostConfig(config: Config): GitHostConfig {
  const gitHost = config.getConfig('gitHost');
  return {
    directory: resolve(gitHost.getString('directory')),
    baseUrl: `${withoutSlash(
      config.getString('backend.baseUrl'),
    )}/api/git-host`,
    appBaseUrl: withoutSlash(config.getString('app.baseUrl')),
    limits: readLimits(gitHost.getOptionalConfig('limits')),
    platformRepositories: (
      gitHost.getOptionalConfigArray('platformRepositories') ?? []
    ).map((entry, index) => {
      const name = entry.getString('name');
      if (!repositoryNameSchema.safeParse(name).success) {
        throw new InputError(
          `gitHost.platformRepositories[${index}].name is '${name}', which is no repository name; use lower-case letters, digits and inner hyphens`,
        );
      }
      return {
        name,
        title: entry.getOptionalString('title') ?? name,
        directory: resolve(entry.getString('directory')),
        include: entry.getOptionalStringArray('include'),
        catalogFile: entry.getOptionalString('catalogFile'),
      };
    }),
  };
}

function readLimits(config: Config | undefined): GitHostLimits {
  const limits = { ...DEFAULT_LIMITS };
  for (const key of Object.keys(limits) as Array<keyof GitHostLimits>) {
    const value = config?.getOptionalNumber(key);
    if (value === undefined) {
      continue;
    }
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new InputError(
        `gitHost.limits.${key} is ${value}; it must be a whole number of at least 1`,
      );
    }
    limits[key] = value;
  }
  return limits;
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
