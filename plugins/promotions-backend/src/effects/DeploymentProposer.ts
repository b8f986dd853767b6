import { InputError, NotFoundError } from '@backstage/errors';
import { parseEntityRef } from '@backstage/catalog-model';
import { payloadDigest } from '@portico/plugin-audit-node';
import { type Release, type Subject } from '@portico/plugin-promotions-common';
import {
  contentDigest,
  type DeliveryTarget,
  type DeploymentRepository,
} from '@portico/plugin-promotions-node';
import { type Proposal, type Proposer } from '../engine/EngineParts';
import { editDeploymentFile } from './edit/editDeploymentFile';
import { readKustomization } from './edit/readKustomization';
import { type DeliveryDrivers } from './DeliveryDrivers';
import { deploymentFilePath } from './deploymentFilePath';
import { type DeploymentRepositories } from './DeploymentRepositories';
import { SubjectManifests } from './manifests/SubjectManifests';
import { OneByOne } from './OneByOne';
import { type SourceFiles } from './SourceFiles';

/** What a golden path writes into a repository about its template. */
const TEMPLATE_LOCK = '.portico/template.lock.yaml';

/** What is to be worked out. */
export type ProposalQuestion = Parameters<Proposer['propose']>[0];

/** Tells how many replicas a component asks for, where its source says so. */
export interface DeclaredReplicas {
  read(options: {
    tenant: string;
    release: Release;
    environment: string;
  }): Promise<number | undefined>;
}

/**
 * Works out what a promotion would write: reads the file at the head of the deployment
 * repository, writes the release into it, and describes the result as a subject.
 *
 * The same question on the same state of the repository has the same answer, which is what
 * the runner relies on when it writes.
 */
export class DeploymentProposer implements Proposer {
  readonly #repositories: DeploymentRepositories;
  readonly #drivers: DeliveryDrivers;
  readonly #replicas: DeclaredReplicas;
  readonly #source: Pick<SourceFiles, 'read'>;
  readonly #manifests = new SubjectManifests();
  readonly #turns = new OneByOne();

  constructor(options: {
    repositories: DeploymentRepositories;
    drivers: DeliveryDrivers;
    replicas: DeclaredReplicas;
    source: Pick<SourceFiles, 'read'>;
  }) {
    this.#repositories = options.repositories;
    this.#drivers = options.drivers;
    this.#replicas = options.replicas;
    this.#source = options.source;
  }

  async propose(options: ProposalQuestion): Promise<Proposal> {
    const { target } = options;
    const { repository: place, write } = target.delivery;
    this.#drivers.of(target);
    const repository = await this.#repositories.open(target);
    if (write === 'pullRequest' && !repository.pullRequests) {
      throw new InputError(
        `The host '${place.host}' has no pull requests; write 'commit' into delivery.write of the environment ${target.environment}, or name another host`,
      );
    }
    const base = await repository.head(place.branch);
    if (!base) {
      throw new NotFoundError(
        `There is no commit yet on ${place.branch ?? 'the default branch'} of ${
          place.name
        }; create the component's deployment there first`,
      );
    }
    return this.proposeAt(base, repository, options);
  }

  /**
   * Commits on one branch exclude each other: those of this process wait for their turn,
   * instead of working all but the first out in vain. Other processes are met by trying again.
   */
  inTurn<T>(place: string, fn: () => Promise<T>): Promise<T> {
    return this.#turns.run(place, fn);
  }

  /** The same on one state of the repository. */
  async proposeAt(
    base: Proposal['base'],
    repository: DeploymentRepository,
    { target, stage, release, kind, shown }: ProposalQuestion,
  ): Promise<Proposal> {
    const { file } = target.delivery;
    const { commit } = base;
    const path = deploymentFilePath(target);
    const [text, lastChange] = await Promise.all([
      repository.readFile({ commit, path }),
      repository.lastChange({ commit, path: folderOf(path) }),
    ]);
    if (text === undefined) {
      throw new NotFoundError(
        `There is no ${path} in ${target.delivery.repository.name} on ${base.branch}; create it, as the golden path of the component does`,
      );
    }
    const content = editDeploymentFile({
      file,
      path,
      text,
      release: release.content,
      ...(file.format === 'kustomize' && {
        replicas: await this.#replicasOf(text, target, release),
      }),
    });
    const after = [{ path, content }];
    const subject: Subject = {
      release: release.id,
      component: target.component,
      environment: target.environment,
      kind,
      base: lastChange ?? commit,
      files: [{ path, digest: contentDigest(content) }],
      stage: payloadDigest(JSON.parse(JSON.stringify(stage))),
      ...(!isOfFirstShape(shown) && {
        shape: 2 as const,
        ...(await this.#manifests.of({
          target,
          repository,
          commit,
          changed: after,
        })),
        ...(await this.#templateOf(target, release)),
      }),
    };
    return {
      subject,
      digest: payloadDigest(subject),
      base,
      before: [{ path, content: text }],
      after,
    };
  }

  async #templateOf(
    { tenant }: DeliveryTarget,
    release: Release,
  ): Promise<Pick<Subject, 'template'>> {
    const lock = await this.#source.read({
      tenant,
      release,
      path: TEMPLATE_LOCK,
    });
    return lock === undefined ? {} : { template: contentDigest(lock) };
  }

  /** What stands there counts; where nothing is to run yet, what the component asks for. */
  async #replicasOf(text: string, target: DeliveryTarget, release: Release) {
    const { name } = parseEntityRef(target.component);
    const entry = readKustomization(text).replicas.find(
      replicas => replicas.name === name,
    );
    if (entry?.count !== 0) {
      return undefined;
    }
    const declared = await this.#replicas.read({
      tenant: target.tenant,
      release,
      environment: target.environment,
    });
    return { name, count: declared ?? 1 };
  }
}

function isOfFirstShape(shown: Subject | undefined): boolean {
  return shown !== undefined && shown.shape === undefined;
}

/** The folder of a file: a change beside it may change what it means. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
