import { randomUUID } from 'node:crypto';
import {
  lstat,
  mkdir,
  opendir,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import {
  ConflictError,
  ForwardedError,
  InputError,
  NotFoundError,
} from '@backstage/errors';
import { type RepositoryAddress } from '@portico/plugin-git-host-node';
import { isTenantId } from '@portico/plugin-tenancy-common';
import {
  assertRepositoryAddress,
  isRepositoryAddress,
} from '../address/repositoryAddress';
import { type GitHostLimits } from '../config/readGitHostConfig';
import { type GitProcesses } from '../git/GitProcesses';
import { folderSize } from './folderSize';

/** Branch that a new repository begins with. */
export const DEFAULT_BRANCH = 'main';

const USAGE_KEPT_MS = 30_000;
/** Nothing takes that long: what is older was left by a process that was killed. */
const LEFTOVER_MS = 60 * 60_000;

/**
 * The bare repositories on disk: `<directory>/<tenant>/<repository>.git`. Folders
 * appear and disappear by one rename, so that nobody sees half of one.
 */
export class RepositoryStore {
  readonly #directory: string;
  readonly #limits: GitHostLimits;
  readonly #processes: GitProcesses;
  readonly #usage = new Map<string, { at: number; bytes: number }>();

  private constructor(options: {
    directory: string;
    limits: GitHostLimits;
    processes: GitProcesses;
  }) {
    this.#directory = options.directory;
    this.#limits = options.limits;
    this.#processes = options.processes;
  }

  /**
   * Makes the folder when it is absent and removes what a killed process left. What is young
   * may be of another replica, which is in the middle of it.
   */
  static async create(options: {
    directory: string;
    limits: GitHostLimits;
    processes: GitProcesses;
  }): Promise<RepositoryStore> {
    const store = new RepositoryStore(options);
    try {
      await mkdir(store.#temporaryRoot, { recursive: true, mode: 0o700 });
      await store.#removeLeftovers();
    } catch (error) {
      throw new ForwardedError(
        `The folder of the Git host (gitHost.directory, ${options.directory}) cannot be written`,
        error,
      );
    }
    return store;
  }

  async #removeLeftovers(): Promise<void> {
    for (const name of await readdir(this.#temporaryRoot)) {
      const folder = join(this.#temporaryRoot, name);
      const found = await lstat(folder).catch(() => undefined);
      if (found && Date.now() - found.mtimeMs > LEFTOVER_MS) {
        await rm(folder, { recursive: true, force: true });
      }
    }
  }

  get #temporaryRoot(): string {
    // No tenant id begins with a dot.
    return join(this.#directory, '.tmp');
  }

  /** The root folder, for `git http-backend`. */
  get directory(): string {
    return this.#directory;
  }

  /** Runs `fn` with a folder on the same disk that is removed afterwards. */
  async withTemporaryFolder<T>(fn: (folder: string) => Promise<T>): Promise<T> {
    const folder = join(this.#temporaryRoot, randomUUID());
    await mkdir(folder, { recursive: true, mode: 0o700 });
    try {
      return await fn(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /**
   * Folder of an existing repository.
   *
   * @throws NotFoundError when there is none, or the address is malformed
   */
  async folderOf(address: RepositoryAddress): Promise<string> {
    if (!isRepositoryAddress(address)) {
      throw noSuchRepository();
    }
    const folder = this.#path(address);
    if (!(await this.#isRealFolder(address, folder))) {
      throw noSuchRepository();
    }
    return folder;
  }

  /** Names of a tenant's repositories, in order. */
  async names(tenant: string): Promise<string[]> {
    if (!isTenantId(tenant)) {
      return [];
    }
    const tenantFolder = join(this.#directory, tenant);
    const stats = await lstat(tenantFolder).catch(() => undefined);
    if (!stats?.isDirectory()) {
      return [];
    }
    const entries = await readdir(tenantFolder, { withFileTypes: true });
    return entries
      .filter(entry => entry.isDirectory() && entry.name.endsWith('.git'))
      .map(entry => entry.name.slice(0, -'.git'.length))
      .filter(repository => isRepositoryAddress({ tenant, repository }))
      .sort();
  }

  /** Ids of the tenants that have a folder. */
  async tenants(): Promise<string[]> {
    const tenants: string[] = [];
    for await (const entry of await opendir(this.#directory)) {
      if (entry.isDirectory() && isTenantId(entry.name)) {
        tenants.push(entry.name);
      }
    }
    return tenants.sort();
  }

  /**
   * Makes an empty bare repository.
   *
   * @throws ConflictError when the name is taken, InputError beyond the quota
   */
  async create(
    options: RepositoryAddress & { description: string },
  ): Promise<void> {
    assertRepositoryAddress(options);
    const target = this.#path(options);
    if (await lstat(target).catch(() => undefined)) {
      throw nameTaken(options);
    }
    const names = await this.names(options.tenant);
    if (names.length >= this.#limits.tenantRepositories) {
      throw new InputError(
        `The tenant '${options.tenant}' has ${names.length} repositories, which is its limit; delete one or ask the platform for more`,
      );
    }
    await this.withTemporaryFolder(async folder => {
      const made = join(folder, 'repository.git');
      await this.#processes.run([
        'init',
        '--quiet',
        '--bare',
        '--template=',
        `--initial-branch=${DEFAULT_BRANCH}`,
        made,
      ]);
      await this.#writeDescription(made, options.description);
      await mkdir(join(this.#directory, options.tenant), { recursive: true });
      try {
        await rename(made, target);
      } catch (error) {
        if (await lstat(target).catch(() => undefined)) {
          throw nameTaken(options);
        }
        throw error;
      }
    });
  }

  /** Deletes a repository; nothing happens when there is none. */
  async delete(address: RepositoryAddress): Promise<void> {
    assertRepositoryAddress(address);
    await this.withTemporaryFolder(async folder => {
      try {
        await rename(this.#path(address), join(folder, 'deleted.git'));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
          throw error;
        }
      }
    });
    this.#usage.delete(address.tenant);
  }

  async description(address: RepositoryAddress): Promise<string> {
    const folder = await this.folderOf(address);
    const text = await readFile(join(folder, 'description'), 'utf8').catch(
      () => '',
    );
    return text.trim();
  }

  /** Bytes that a tenant may still add; the figure is up to half a minute old. */
  async remainingBytes(tenant: string): Promise<number> {
    let usage = this.#usage.get(tenant);
    if (!usage || Date.now() - usage.at > USAGE_KEPT_MS) {
      usage = {
        at: Date.now(),
        bytes: await folderSize(join(this.#directory, tenant)),
      };
      this.#usage.set(tenant, usage);
    }
    return Math.max(0, this.#limits.tenantBytes - usage.bytes);
  }

  /** To be called when a repository of the tenant grew by about so much. */
  addUsage(tenant: string, bytes: number): void {
    const usage = this.#usage.get(tenant);
    if (usage) {
      usage.bytes += bytes;
    }
  }

  /** To be called when a repository of the tenant grew, and nobody knows by how much. */
  forgetUsage(tenant: string): void {
    this.#usage.delete(tenant);
  }

  /**
   * Packs the objects of all repositories and drops what nothing refers to.
   *
   * @returns what went wrong, per repository; the others are done nevertheless
   */
  async maintain(
    signal?: AbortSignal,
  ): Promise<Array<{ repository: string; error: unknown }>> {
    const failures: Array<{ repository: string; error: unknown }> = [];
    for (const tenant of await this.tenants()) {
      for (const repository of await this.names(tenant)) {
        if (signal?.aborted) {
          return failures;
        }
        try {
          await this.#processes.run(['gc', '--quiet'], {
            gitDirectory: this.#path({ tenant, repository }),
            timeoutMs: 10 * 60_000,
          });
        } catch (error) {
          failures.push({ repository: `${tenant}/${repository}`, error });
        }
      }
      this.#usage.delete(tenant);
    }
    return failures;
  }

  #path(address: RepositoryAddress): string {
    return join(this.#directory, address.tenant, `${address.repository}.git`);
  }

  /** Symlinks are no repositories: they could lead into another tenant's folder. */
  async #isRealFolder(
    address: RepositoryAddress,
    folder: string,
  ): Promise<boolean> {
    const [tenantStats, stats] = await Promise.all([
      lstat(join(this.#directory, address.tenant)).catch(() => undefined),
      lstat(folder).catch(() => undefined),
    ]);
    return Boolean(tenantStats?.isDirectory() && stats?.isDirectory());
  }

  async #writeDescription(folder: string, description: string): Promise<void> {
    const line = description
      // eslint-disable-next-line no-control-regex -- control characters are what is replaced
      .replace(/[\u0000-\u001f\u007f]+/g, ' ')
      .trim()
      .slice(0, 350);
    await writeFile(join(folder, 'description'), `${line}\n`);
  }
}

function noSuchRepository(): NotFoundError {
  return new NotFoundError('No such repository');
}

function nameTaken(address: RepositoryAddress): ConflictError {
  return new ConflictError(
    `The name '${address.repository}' is taken in '${address.tenant}': choose another name, or delete the repository`,
  );
}
