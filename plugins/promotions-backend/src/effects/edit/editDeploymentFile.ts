import { InputError } from '@backstage/errors';
import {
  type DeploymentFile,
  type ReleaseContent,
} from '@portico/plugin-promotions-common';
import { editKustomization } from './editKustomization';
import { editYamlScalars, type ScalarChange } from './editYamlScalars';

/** A file of the deployment repository, and what it is to say. */
export interface DeploymentEdit {
  file: DeploymentFile;
  /** Where it lies, for errors. */
  path: string;
  text: string;
  release: ReleaseContent;
  /** Kustomize only; left as they are without it. */
  replicas?: { name: string; count: number };
}

/**
 * Writes a release into a file of the deployment repository, and nothing else.
 *
 * @throws InputError when that cannot be done safely, with the place and what to do
 */
export function editDeploymentFile(edit: DeploymentEdit): string {
  const { file, path, text, release } = edit;
  if (release.images.length === 0) {
    throw new InputError(
      `Release ${release.version} of ${release.component} names no image, so there is nothing to write into ${path}; announce it with its images by digest`,
    );
  }
  switch (file.format) {
    case 'kustomize':
      return editKustomization(text, {
        images: release.images,
        source: release.source,
        replicas: edit.replicas,
      });
    case 'helm':
      return editYamlScalars(
        text,
        changesOf(edit, file.values, (value, { digest, tag }) => [
          { path: value.digest, value: digest },
          ...(value.tag !== undefined && tag !== undefined
            ? [{ path: value.tag, value: tag }]
            : []),
        ]),
        path,
      );
    case 'yaml':
      return editYamlScalars(
        text,
        changesOf(edit, file.fields, (field, { name, digest }) => [
          {
            path: field.path,
            value: field.value === 'digest' ? digest : `${name}@${digest}`,
          },
        ]),
        path,
      );
    default:
      throw new InputError(
        `Unknown format ${JSON.stringify(file satisfies never)}`,
      );
  }
}

/** Each image of the release has to have its place: a part of a release is none. */
function changesOf<T extends { image: string }>(
  { release, path }: DeploymentEdit,
  places: readonly T[],
  changes: (
    place: T,
    image: ReleaseContent['images'][number],
  ) => ScalarChange[],
): ScalarChange[] {
  return release.images.flatMap(image => {
    const own = places.filter(place => place.image === image.name);
    if (own.length === 0) {
      throw new InputError(
        `The environment does not say where in ${path} the image ${image.name} stands; add it to delivery.file of the environment`,
      );
    }
    return own.flatMap(place => changes(place, image));
  });
}
