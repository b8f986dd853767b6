import { type CatalogApi } from '@backstage/catalog-client';
import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { loadEntities } from './loadEntities';
import {
  dependencyRelations,
  isDependencyRelation,
  relatedRefs,
} from './relations';

/** Steps that are followed away from the entity. */
export const MAX_IMPACT_STEPS = 6;
/** Entities that are listed at most. */
export const MAX_IMPACT = 200;

/** Something that is affected by a change. */
export interface Affected {
  ref: string;
  /** Undefined where it is not in the catalog, or not the caller's to see. */
  entity: Entity | undefined;
  /** 1 for what needs the entity itself. */
  steps: number;
  /** Through what it is affected, where that is not the entity itself. */
  through: string | undefined;
}

/** Everything that needs an entity, also indirectly. */
export interface Impact {
  affected: Affected[];
  /** Groups that own something of it, with how much. */
  owners: { ref: string; count: number }[];
  /** Whether there is more than was followed. */
  isCut: boolean;
}

/**
 * Follows all relations to what needs an entity, one request per step.
 *
 * @param known - entities that are loaded already, by ref
 */
export async function loadImpact(
  catalog: Pick<CatalogApi, 'getEntitiesByRefs'>,
  root: Entity,
  known: ReadonlyMap<string, Entity | undefined> = new Map(),
): Promise<Impact> {
  const rootRef = stringifyEntityRef(root);
  const found = new Map<string, Affected>();
  let isCut = false;
  let front: Entity[] = [root];
  for (let steps = 1; front.length > 0; steps++) {
    const next = new Map<string, string>();
    for (const entity of front) {
      const from = stringifyEntityRef(entity);
      for (const ref of dependants(entity)) {
        if (ref !== rootRef && !found.has(ref) && !next.has(ref)) {
          next.set(ref, from);
        }
      }
    }
    if (next.size === 0) {
      break;
    }
    const refs = [...next.keys()].slice(0, MAX_IMPACT - found.size);
    isCut ||= refs.length < next.size || steps > MAX_IMPACT_STEPS;
    if (steps > MAX_IMPACT_STEPS || refs.length === 0) {
      break;
    }
    const missing = refs.filter(ref => !known.has(ref));
    const loaded =
      missing.length > 0 ? await loadEntities(catalog, missing) : new Map();
    front = [];
    for (const ref of refs) {
      const entity = known.get(ref) ?? loaded.get(ref);
      const from = next.get(ref);
      found.set(ref, {
        ref,
        entity,
        steps,
        through: from === rootRef ? undefined : from,
      });
      if (entity) {
        front.push(entity);
      }
    }
  }
  const affected = [...found.values()];
  return { affected, owners: ownersOf(affected), isCut };
}

/** What needs an entity; a system is no reason for its parts to break. */
function dependants(entity: Entity): string[] {
  const refs = (entity.relations ?? []).flatMap(({ type, targetRef }) =>
    isDependencyRelation(type) &&
    dependencyRelations[type].direction === 'neededBy' &&
    dependencyRelations[type].aspect === 'dependency'
      ? [targetRef]
      : [],
  );
  return [...new Set(refs)].sort();
}

function ownersOf(affected: readonly Affected[]): Impact['owners'] {
  const counts = new Map<string, number>();
  for (const { entity } of affected) {
    for (const ref of entity ? relatedRefs(entity, 'ownedBy') : []) {
      counts.set(ref, (counts.get(ref) ?? 0) + 1);
    }
  }
  return [...counts]
    .map(([ref, count]) => ({ ref, count }))
    .sort((a, b) => b.count - a.count || a.ref.localeCompare(b.ref));
}
