import {
  imageNameSchema,
  type ReleaseContent,
} from '@portico/plugin-promotions-common';
import { type DeclaredImage } from './readDeclaredImages';

/**
 * The images of a deployment file that belong to a component: those that its newest release
 * ships, as a file can declare images of others beside them; all where none of these is there.
 */
export function imagesOfComponent(
  declared: readonly DeclaredImage[],
  newest: Pick<ReleaseContent, 'images'> | undefined,
): ReleaseContent['images'] {
  const known = new Set(newest?.images.map(({ name }) => name));
  const isOwn = ({ names }: DeclaredImage) =>
    names.some(name => known.has(name));
  const chosen = declared.some(isOwn) ? declared.filter(isOwn) : declared;
  const images = chosen.flatMap(({ names, digest, tag }) => {
    const name =
      names.find(one => known.has(one)) ??
      names.find(one => imageNameSchema.safeParse(one).success);
    return name === undefined
      ? []
      : [{ name, digest, ...(tag && { tag: tag.slice(0, 128) }) }];
  });
  return images
    .filter(
      ({ name }, index) =>
        images.findIndex(other => other.name === name) === index,
    )
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .slice(0, 50);
}
