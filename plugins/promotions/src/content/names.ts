import { parseEntityRef } from '@backstage/catalog-model';
import { type Release } from '@portico/plugin-promotions-common';

/** `checkout 1.4.2`: what a release is to people. */
export function releaseName({ content }: Pick<Release, 'content'>): string {
  return `${parseEntityRef(content.component).name} ${content.version}`;
}

/** The name of an entity without kind and tenant; others as they are written. */
export function plainName(ref: string): string {
  return /^[a-z]+:[^/]+\/[^/]+$/.test(ref) ? parseEntityRef(ref).name : ref;
}
