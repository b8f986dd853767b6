import { type Risk } from '@portico/plugin-promotions-common';
import {
  labelOf,
  type ManifestObject,
  type ObjectChange,
} from '../manifests/ManifestObject';

/** Looks at one object and says what of its change should be looked at. Never throws. */
export type RiskRule = (change: ObjectChange) => Risk[];

/** The object of a change, as it will be or was. */
export function objectOf(change: ObjectChange): ManifestObject | undefined {
  return change.after ?? change.before;
}

/** A risk of an object, with its name. */
export function risk(
  change: ObjectChange,
  kind: Risk['kind'],
  severity: Risk['severity'],
  text: string,
  path?: string,
): Risk[] {
  const object = objectOf(change);
  return [
    {
      kind,
      severity,
      text: text.slice(0, 500),
      ...(object && { resource: labelOf(object) }),
      ...(path && { path }),
    },
  ];
}

/** `Deployment checkout`, as sentences name it. */
export function nameOf(change: ObjectChange): string {
  const object = objectOf(change);
  return object ? `${object.kind} ${object.name}` : 'an object';
}

/** What is in one list and not in the other. */
export function difference(
  before: readonly string[],
  after: readonly string[],
): { added: string[]; removed: string[] } {
  const unique = (list: readonly string[], others: readonly string[]) => [
    ...new Set(list.filter(item => !others.includes(item))),
  ];
  return { added: unique(after, before), removed: unique(before, after) };
}
