import { cp, lstat, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type LoggerService } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import { pluginAuditContext } from '@portico/plugin-audit-node';
import { PLATFORM_TENANT } from '@portico/plugin-tenancy-common';
import { type TenancyService } from '@portico/plugin-tenancy-node';
import { type PlatformRepositoryConfig } from '../config/readGitHostConfig';
import { type DefaultGitHostService } from '../DefaultGitHostService';

/** Who seeds: no person, and named in the commit and the source. */
const SEEDER = 'user:default/portico';
const BY = pluginAuditContext('git-host');
const SEED_TRAILER = 'Portico-Seed';
/** Never part of what is published, wherever they lie. */
const LEFT_OUT = new Set(['.git', 'node_modules', 'dist', 'coverage']);
const CATALOG_FILES = ['catalog-info.yaml', 'all.yaml'];

/**
 * Makes the platform's repositories from their folders: one commit when the
 * content changed, none once somebody else has pushed. Each with a catalog file is
 * registered as a source of `default`. A repository that fails does not hold back
 * the others.
 *
 * @returns names of the sources that are to be read
 */
export async function seedPlatformRepositories(options: {
  repositories: PlatformRepositoryConfig[];
  gitHost: DefaultGitHostService;
  tenancy: TenancyService;
  logger: LoggerService;
}): Promise<string[]> {
  const sources: string[] = [];
  for (const repository of options.repositories) {
    try {
      const catalogFile = await seed(repository, options);
      if (catalogFile) {
        await options.tenancy.sources.register({
          tenant: PLATFORM_TENANT,
          name: repository.name,
          location: {
            kind: 'repository',
            repository: repository.name,
            branch: 'main',
            path: catalogFile,
          },
          registeredBy: SEEDER,
          by: BY,
        });
        sources.push(repository.name);
      }
    } catch (error) {
      options.logger.error(
        `The platform's repository '${repository.name}' could not be made from ${repository.directory}`,
        error as Error,
      );
    }
  }
  return sources;
}

/** @returns the catalog file to register, if there is one */
async function seed(
  repository: PlatformRepositoryConfig,
  {
    gitHost,
    logger,
  }: { gitHost: DefaultGitHostService; logger: LoggerService },
): Promise<string | undefined> {
  const address = { tenant: PLATFORM_TENANT, repository: repository.name };
  const stats = await lstat(repository.directory).catch(() => undefined);
  if (!stats?.isDirectory()) {
    throw new InputError(
      `gitHost.platformRepositories: the folder ${repository.directory} does not exist`,
    );
  }
  const existing =
    (await gitHost.get(address)) ??
    (await gitHost.create({
      ...address,
      description: repository.title,
      by: BY,
    }));

  await gitHost.store.withTemporaryFolder(async folder => {
    const content = join(folder, 'content');
    for (const name of repository.include ??
      (await readdir(repository.directory))) {
      const source = join(repository.directory, name);
      if (
        LEFT_OUT.has(basename(name)) ||
        !(await lstat(source).catch(() => undefined))
      ) {
        continue;
      }
      await cp(source, join(content, name), {
        recursive: true,
        verbatimSymlinks: true,
        filter: path => !LEFT_OUT.has(basename(path)),
      });
    }
    if (!(await lstat(content).catch(() => undefined))) {
      throw new InputError(
        `gitHost.platformRepositories: nothing of ${repository.directory} is there to publish`,
      );
    }
    if (existing.head !== undefined) {
      const [last] = await gitHost.log({ ...address, ref: 'main', limit: 1 });
      if (last?.trailers[SEED_TRAILER] === undefined) {
        logger.info(
          `${address.tenant}/${address.repository} was pushed to since it was made; it is left as it is`,
        );
        return;
      }
    }
    await gitHost.commit({
      ...address,
      branch: 'main',
      message: `Publish ${repository.title}`,
      author: { name: 'Portico', email: 'portico@portico.invalid' },
      onBehalfOf: SEEDER,
      by: BY,
      directory: content,
      expectedHead: existing.head,
      trailers: { [SEED_TRAILER]: repository.name },
    });
  });

  if (repository.catalogFile) {
    return repository.catalogFile;
  }
  const names = (
    await gitHost.listFolder({ ...address, ref: 'main', path: '' })
  ).map(entry => entry.path);
  return CATALOG_FILES.find(name => names.includes(name));
}
