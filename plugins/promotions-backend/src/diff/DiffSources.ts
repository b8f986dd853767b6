import { posix } from 'node:path';
import { NotFoundError } from '@backstage/errors';
import { type GitHostService } from '@portico/plugin-git-host-node';
import {
  type DeliveryTarget,
  type DeploymentFileContent,
} from '@portico/plugin-promotions-node';
import { deploymentFilePath } from '../effects/deploymentFilePath';
import { type DeploymentRepositories } from '../effects/DeploymentRepositories';
import { type DiffedRelease } from './DeploymentDiffer';
import { ownRepository } from './ownRepository';
import { type ReadBase, topOf } from './rendering/collectKustomization';
import { NotRenderable } from './rendering/RenderInput';

/** Folder of a source repository that releases are deployed from. */
const BASE_FOLDER = 'deploy/base';

/** Files of one side, and where in them its overlay or chart is. */
export interface SideFiles {
  tenant: string;
  /** Name of the component without its tenant. */
  component: string;
  format: 'kustomize' | 'helm' | 'yaml';
  /** By path in the repository. */
  files: ReadonlyMap<string, string>;
  /** The file that a promotion edits. */
  entry: string;
}

/** Reads the files of both sides of a diff, from one tenant's repositories only. */
export class DiffSources {
  readonly #gitHost: Pick<GitHostService, 'baseUrl' | 'readTree'>;
  readonly #repositories: DeploymentRepositories;

  constructor(options: {
    gitHost: Pick<GitHostService, 'baseUrl' | 'readTree'>;
    repositories: DeploymentRepositories;
  }) {
    this.#gitHost = options.gitHost;
    this.#repositories = options.repositories;
  }

  /**
   * What an environment's folder holds at a commit, at the head without.
   *
   * @throws NotFoundError when there is no such repository or commit
   */
  async ofEnvironment(
    target: DeliveryTarget,
    revision: string | undefined,
    signal: AbortSignal,
  ): Promise<SideFiles> {
    const repository = await this.#repositories.open(target, signal);
    const { branch } = target.delivery.repository;
    const commit = revision ?? (await repository.head(branch))?.commit;
    if (commit === undefined) {
      throw new NotFoundError(
        `The repository ${target.delivery.repository.name} is empty`,
      );
    }
    const entry = deploymentFilePath(target);
    const top = entry.includes('/') ? topOf(entry) : '';
    const files = await repository.readFolder({ commit, path: top });
    return {
      ...sideOf(target),
      files: new Map(files.map(({ path, content }) => [path, content])),
    };
  }

  /** The same side with some files replaced. */
  with(side: SideFiles, changed: readonly DeploymentFileContent[]): SideFiles {
    return {
      ...side,
      files: new Map([
        ...side.files,
        ...changed.map(({ path, content }) => [path, content] as const),
      ]),
    };
  }

  /** What is known of a target's files where its repository cannot be read. */
  fromFiles(
    target: DeliveryTarget,
    files: readonly DeploymentFileContent[],
  ): SideFiles {
    return {
      ...sideOf(target),
      files: new Map(files.map(({ path, content }) => [path, content])),
    };
  }

  /** What a release brings along itself. Undefined when its source cannot be read. */
  async ofRelease(
    tenant: string,
    component: string,
    release: DiffedRelease | undefined,
  ): Promise<SideFiles | undefined> {
    const source = release?.content.source;
    const files =
      source &&
      (await this.readBase(tenant)({
        cloneUrl: source.repository,
        folder: BASE_FOLDER,
        commit: source.commit,
      }));
    return (
      files && {
        tenant,
        component: nameOf(component),
        format: 'kustomize',
        files,
        entry: `${BASE_FOLDER}/kustomization.yaml`,
      }
    );
  }

  /** Reads bases for rendering: folders of the tenant's own repositories. */
  readBase(tenant: string): ReadBase {
    return async ({ cloneUrl, folder, commit }) => {
      const address = ownRepository(this.#gitHost, tenant, cloneUrl);
      if (!address) {
        return undefined;
      }
      const top = folder === '.' ? '' : topOf(folder);
      try {
        const tree = await this.#gitHost.readTree({
          ...address,
          ref: commit,
          path: top,
        });
        return new Map(
          tree.files.map(({ path, content }) => [
            posix.join(top, path),
            content.toString('utf8'),
          ]),
        );
      } catch (error) {
        if (error instanceof NotFoundError) {
          throw new NotRenderable(
            `There is no ${folder} at ${commit.slice(0, 12)} in ${
              address.repository
            }`,
          );
        }
        throw error;
      }
    };
  }
}

function sideOf(target: DeliveryTarget): Omit<SideFiles, 'files'> {
  return {
    tenant: target.tenant,
    component: nameOf(target.component),
    format: target.delivery.file.format,
    entry: deploymentFilePath(target),
  };
}

function nameOf(component: string): string {
  return component.slice(component.lastIndexOf('/') + 1);
}
