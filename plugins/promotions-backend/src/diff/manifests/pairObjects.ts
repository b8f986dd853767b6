import {
  type ManifestObject,
  type ObjectChange,
  withoutSuffix,
} from './ManifestObject';

type KeyOf = (object: ManifestObject) => string | undefined;

/** From exact to less so: the first that finds exactly one partner counts. */
const keys: readonly KeyOf[] = [
  ({ group, kind, namespace, name }) =>
    JSON.stringify([group, kind, namespace, name]),
  // Environments often differ in the namespace alone.
  ({ group, kind, name }) => JSON.stringify([group, kind, name]),
  ({ group, kind, name }) =>
    ['ConfigMap', 'Secret'].includes(kind)
      ? JSON.stringify([group, kind, withoutSuffix(name)])
      : undefined,
];

/** Finds for each object what it was before, or becomes. */
export function pairObjects(
  before: readonly ManifestObject[],
  after: readonly ManifestObject[],
): ObjectChange[] {
  let removed = [...before];
  let added = [...after];
  const pairs: Array<Required<ObjectChange>> = [];
  for (const keyOf of keys) {
    const partners = unique(removed, keyOf);
    for (const [key, object] of unique(added, keyOf)) {
      const partner = partners.get(key);
      if (partner) {
        pairs.push({ before: partner, after: object });
      }
    }
    const paired = new Set(pairs.flatMap(pair => [pair.before, pair.after]));
    removed = removed.filter(object => !paired.has(object));
    added = added.filter(object => !paired.has(object));
  }
  return [
    ...pairs,
    ...removed.map(object => ({ before: object })),
    ...added.map(object => ({ after: object })),
  ];
}

function unique(
  objects: readonly ManifestObject[],
  keyOf: KeyOf,
): Map<string, ManifestObject> {
  const found = new Map<string, ManifestObject>();
  const twice = new Set<string>();
  for (const object of objects) {
    const key = keyOf(object);
    if (key !== undefined) {
      if (found.has(key)) {
        twice.add(key);
      }
      found.set(key, object);
    }
  }
  for (const key of twice) {
    found.delete(key);
  }
  return found;
}
