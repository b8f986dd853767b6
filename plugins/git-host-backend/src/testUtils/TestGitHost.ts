import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type LoggerService } from '@backstage/backend-plugin-api';
import { type PorticoDatabase } from '@portico/database';
import { pluginAuditContext } from '@portico/plugin-audit-node';
import {
  type CommitOptions,
  type GitHostService,
  type RepositoryAddress,
} from '@portico/plugin-git-host-node';
import { DefaultGitHostService } from '../DefaultGitHostService';

const MEBIBYTE = 1024 * 1024;
const by = pluginAuditContext('test');

const silent: LoggerService = {
  error() {},
  warn() {},
  info() {},
  debug() {},
  child: () => silent,
};

/** The embedded Git host without a backend around it: real repositories in a folder. */
export class TestGitHost {
  static async create(options: {
    /** Where the acts are recorded; has the tables of the audit. */
    database: PorticoDatabase;
    /** A folder of its own unless told; another process may use the same. */
    directory?: string;
    /** Address of the portal. */
    portal?: string;
  }): Promise<TestGitHost> {
    const directory =
      options.directory ?? (await mkdtemp(join(tmpdir(), 'portico-git-host-')));
    const portal = options.portal ?? 'http://portal.example';
    const service = await DefaultGitHostService.create({
      config: {
        directory: join(directory, 'repositories'),
        baseUrl: `${portal}/api/git-host`,
        appBaseUrl: portal,
        limits: {
          pushBytes: 8 * MEBIBYTE,
          fileBytes: MEBIBYTE,
          treeBytes: 4 * MEBIBYTE,
          treeFiles: 1_000,
          tenantBytes: 512 * MEBIBYTE,
          tenantRepositories: 1_000,
          tenantTransfers: 16,
          transferSeconds: 120,
        },
        platformRepositories: [],
      },
      database: options.database,
      logger: silent,
    });
    return new TestGitHost(service, directory);
  }

  readonly service: GitHostService;
  readonly #service: DefaultGitHostService;

  private constructor(
    service: DefaultGitHostService,
    readonly directory: string,
  ) {
    this.#service = service;
    this.service = service;
  }

  /** Makes a repository with one commit. */
  async createRepository(
    address: RepositoryAddress,
    files: Record<string, string>,
  ): Promise<string> {
    const { tenant, repository } = address;
    await this.service.create({ tenant, repository, description: '', by });
    return this.push(address, files);
  }

  /** Commits files beside those that are there, as somebody's push does. */
  async push(
    { tenant, repository }: RepositoryAddress,
    files: Record<string, string>,
    more: Partial<Pick<CommitOptions, 'message' | 'author' | 'trailers'>> = {},
  ): Promise<string> {
    const directory = await mkdtemp(join(this.directory, 'work-'));
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), content);
    }
    const found = await this.service.get({ tenant, repository });
    const { commit } = await this.service.commit({
      tenant,
      repository,
      branch: found?.defaultBranch ?? 'main',
      message: `Change ${Object.keys(files).join(', ')}`,
      author: { name: 'Kim', email: 'kim@aurora.example' },
      onBehalfOf: `user:${tenant}/kim`,
      by,
      directory,
      overlayPath: '',
      expectedHead: found?.head,
      ...more,
    });
    await rm(directory, { recursive: true, force: true });
    return commit;
  }

  /** Ends its processes; the folder stays for others unless it was made here. */
  async stop(): Promise<void> {
    await this.#service.processes.endAll();
  }

  /** Ends its processes and deletes the folder. */
  async destroy(): Promise<void> {
    await this.stop();
    await rm(this.directory, { recursive: true, force: true });
  }
}
