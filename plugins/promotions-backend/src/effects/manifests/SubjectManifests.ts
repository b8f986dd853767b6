import { payloadDigest } from '@portico/plugin-audit-node';
import { type Subject } from '@portico/plugin-promotions-common';
import {
  contentDigest,
  type DeliveryTarget,
  type DeploymentFileContent,
  type DeploymentRepository,
} from '@portico/plugin-promotions-node';
import { NotRenderable } from '../../diff/rendering/RenderInput';
import { deploymentFilePath } from '../deploymentFilePath';
import {
  collectManifestFiles,
  type ManifestFile,
} from './collectManifestFiles';

const KEPT = 200;

/** What a subject says of its manifests. */
export type ManifestsOfSubject = Pick<
  Subject,
  'manifests' | 'manifestFiles' | 'manifestsUnknown'
>;

/** Tells what is rendered for a target; the same question on the same commit is answered once. */
export class SubjectManifests {
  readonly #kept = new Map<string, Promise<ManifestFile[]>>();

  /** Where it cannot be told, why not: that is part of what is shown, too. */
  async of(options: {
    target: DeliveryTarget;
    repository: DeploymentRepository;
    commit: string;
    changed: readonly DeploymentFileContent[];
  }): Promise<ManifestsOfSubject> {
    try {
      const files = await this.#filesOf(options);
      return {
        manifests: payloadDigest(
          files.map(({ path, digest }) => [path, digest]),
        ),
        manifestFiles: files,
      };
    } catch (error) {
      if (error instanceof NotRenderable) {
        return { manifestsUnknown: error.message };
      }
      throw error;
    }
  }

  #filesOf({
    target,
    repository,
    commit,
    changed,
  }: Parameters<SubjectManifests['of']>[0]): Promise<ManifestFile[]> {
    const { tenant, delivery } = target;
    const entry = deploymentFilePath(target);
    const key = JSON.stringify([
      tenant,
      delivery.repository,
      delivery.file.format,
      commit,
      entry,
      changed.map(({ path, content }) => [path, contentDigest(content)]),
    ]);
    const known = this.#kept.get(key);
    if (known) {
      return known;
    }
    const files = collectManifestFiles({
      repository,
      commit,
      format: delivery.file.format,
      entry,
      changed,
    });
    this.#kept.set(key, files);
    // What could not be read is read again.
    files.catch(() => this.#kept.delete(key));
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT && oldest !== undefined) {
      this.#kept.delete(oldest);
    }
    return files;
  }
}
