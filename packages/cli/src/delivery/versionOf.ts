import { type Release } from '@portico/plugin-promotions-common';

/** What people call a release; one of the demo's sample history says that it is. */
export function versionOf({
  content,
  sample,
}: Pick<Release, 'content' | 'sample'>): string {
  return sample ? `${content.version} (sample)` : content.version;
}
