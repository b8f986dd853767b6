import { type Entity } from '@backstage/catalog-model';

/** Which way a relation leads: to what something needs, or to what needs it. */
export type Direction = 'needs' | 'neededBy';

/** What a relation is about: working together, or belonging together. */
export type Aspect = 'dependency' | 'structure';

/**
 * Relations that say what breaks with what. An API needs the component that provides
 * it, so a consumer is found behind the API; a system needs its parts.
 */
export const dependencyRelations = {
  dependsOn: { direction: 'needs', aspect: 'dependency' },
  consumesApi: { direction: 'needs', aspect: 'dependency' },
  apiProvidedBy: { direction: 'needs', aspect: 'dependency' },
  hasPart: { direction: 'needs', aspect: 'structure' },
  dependencyOf: { direction: 'neededBy', aspect: 'dependency' },
  apiConsumedBy: { direction: 'neededBy', aspect: 'dependency' },
  providesApi: { direction: 'neededBy', aspect: 'dependency' },
  partOf: { direction: 'neededBy', aspect: 'structure' },
} as const satisfies Record<string, { direction: Direction; aspect: Aspect }>;

/** A relation that is part of the graph. */
export type DependencyRelation = keyof typeof dependencyRelations;

/** Whether a relation is part of the graph; ownership and membership are not. */
export function isDependencyRelation(type: string): type is DependencyRelation {
  return Object.hasOwn(dependencyRelations, type);
}

/** Refs that an entity is related to in one way, each once, by name. */
export function relatedRefs(
  entity: Pick<Entity, 'relations'>,
  type: string,
): string[] {
  const refs = (entity.relations ?? [])
    .filter(relation => relation.type === type)
    .map(relation => relation.targetRef);
  return [...new Set(refs)].sort();
}

/** The name of an entity for people. */
export function titleOf(entity: Entity): string {
  const profile = entity.spec?.profile;
  if (
    typeof profile === 'object' &&
    profile !== null &&
    'displayName' in profile &&
    typeof profile.displayName === 'string'
  ) {
    return profile.displayName;
  }
  return entity.metadata.title ?? entity.metadata.name;
}

/** A text of the specification of an entity. */
export function specText(entity: Entity, key: string): string | undefined {
  const value = entity.spec?.[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
