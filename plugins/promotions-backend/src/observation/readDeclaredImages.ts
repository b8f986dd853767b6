import { InputError } from '@backstage/errors';
import {
  type DeploymentFile,
  digestSchema,
} from '@portico/plugin-promotions-common';
import { isScalar, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { followYamlPath } from '../effects/edit/followYamlPath';
import { readKustomization } from '../effects/edit/readKustomization';
import { parseYamlPath } from '../effects/edit/yamlPath';

/** An image that a deployment file declares by its digest. */
export const declaredImageSchema = z.object({
  /** As the file names it, the name that it is fetched by first. */
  names: z.array(z.string()),
  digest: digestSchema,
  tag: z.string().optional(),
});
export type DeclaredImage = z.infer<typeof declaredImageSchema>;

/**
 * Reads which images a deployment file declares; those without a digest are none.
 *
 * @throws InputError when the file cannot be read
 */
export function readDeclaredImages(
  file: DeploymentFile,
  text: string,
): DeclaredImage[] {
  switch (file.format) {
    case 'kustomize':
      return readKustomization(text).images.flatMap(
        ({ name, newName, newTag, digest }) =>
          image([...(newName ? [newName] : []), name], digest, newTag),
      );
    case 'helm': {
      const read = readerOf(text);
      return file.values.flatMap(value =>
        image(
          [value.image],
          read(value.digest),
          value.tag === undefined ? undefined : read(value.tag),
        ),
      );
    }
    case 'yaml': {
      const read = readerOf(text);
      return file.fields.flatMap(field => {
        const value = read(field.path);
        return image(
          [field.image],
          field.value === 'digest' ? value : value?.split('@')[1],
          undefined,
        );
      });
    }
    default:
      throw new InputError(
        `Unknown format ${JSON.stringify(file satisfies never)}`,
      );
  }
}

function image(
  names: string[],
  digest: string | undefined,
  tag: string | undefined,
): DeclaredImage[] {
  return digestSchema.safeParse(digest).success && digest !== undefined
    ? [{ names, digest, ...(tag && { tag }) }]
    : [];
}

function readerOf(text: string): (path: string) => string | undefined {
  const documents = parseAllDocuments(text);
  if (
    !Array.isArray(documents) ||
    documents.some(({ errors }) => errors.length > 0)
  ) {
    throw new InputError('The deployment file is no YAML');
  }
  return path => {
    const parts = parseYamlPath(path);
    for (const { contents } of documents) {
      const value = followYamlPath(contents, parts)?.pair.value;
      if (isScalar(value) && typeof value.value === 'string') {
        return value.value;
      }
    }
    return undefined;
  };
}
