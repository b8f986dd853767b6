import { type TextDiff } from '@portico/plugin-promotions-common';
import { textDiff } from '../lines/textDiff';
import { isChanged } from '../risks/objectRules';
import {
  labelOf,
  type ManifestObject,
  manifestText,
  type ObjectChange,
} from './ManifestObject';
import { pairObjects } from './pairObjects';

/** The objects that differ, as lines and as they are. */
export interface ManifestComparison {
  items: TextDiff[];
  changes: ObjectChange[];
}

/** Compares two sets of objects, object by object. */
export function compareManifests(
  before: readonly ManifestObject[],
  after: readonly ManifestObject[],
): ManifestComparison {
  const changes = pairObjects(before, after).filter(isChanged);
  return {
    changes,
    items: changes
      .flatMap(change => {
        const object = change.after ?? change.before;
        const diff =
          object &&
          textDiff({
            name: labelOf(object),
            before: manifestText(change.before),
            after: manifestText(change.after),
          });
        return diff ?? [];
      })
      .sort((one, other) => (one.name < other.name ? -1 : 1)),
  };
}
