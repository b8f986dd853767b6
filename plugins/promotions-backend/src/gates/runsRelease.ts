import {
  type Observation,
  type Release,
} from '@portico/plugin-promotions-common';

/** Whether each image of a release is among what runs, by digest. */
export function runsRelease(
  { running }: Observation,
  { content }: Release,
): boolean {
  return content.images.every(image =>
    running.some(({ digest }) => digest === image.digest),
  );
}
