import { type DeploymentDiff } from '@portico/plugin-promotions-common';
import { type DiffedRelease } from './DeploymentDiffer';

type ImageDiff = DeploymentDiff['images'][number];

/** The images of two releases that differ, by name. */
export function compareImages(
  before: DiffedRelease | undefined,
  after: DiffedRelease | undefined,
): ImageDiff[] {
  const old = imagesOf(before);
  const fresh = imagesOf(after);
  return [...new Set([...old.keys(), ...fresh.keys()])].sort().flatMap(name => {
    const [was, is] = [old.get(name), fresh.get(name)];
    if (was?.digest === is?.digest) {
      return [];
    }
    return [
      {
        name,
        ...(was && { before: was.digest, versionBefore: was.version }),
        ...(is && { after: is.digest, versionAfter: is.version }),
      },
    ];
  });
}

function imagesOf(release: DiffedRelease | undefined) {
  const { images = [], version = '' } = release?.content ?? {};
  return new Map(
    images.map(({ name, digest, tag }) => [
      name,
      { digest, version: tag ?? version },
    ]),
  );
}
