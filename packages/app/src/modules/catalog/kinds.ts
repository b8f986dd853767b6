/** Kinds that have a name of their own in the texts. */
const knownKinds = [
  'all',
  'component',
  'api',
  'resource',
  'system',
  'domain',
  'group',
  'user',
  'template',
  'environment',
  'pipeline',
] as const;

/** A kind that the texts name. */
export type KnownKind = (typeof knownKinds)[number];

/** Whether the texts have a name for a kind; others are shown as they are. */
export function isKnownKind(kind: string): kind is KnownKind {
  return knownKinds.some(known => known === kind);
}
