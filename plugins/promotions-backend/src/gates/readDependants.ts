import {
  type Entity,
  RELATION_API_CONSUMED_BY,
  RELATION_DEPENDENCY_OF,
  RELATION_OWNED_BY,
  RELATION_PROVIDES_API,
} from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import { type Dependants } from '@portico/plugin-promotions-common';

/** As many as are looked up in one question; nobody approves for more. */
const MOST_DEPENDANTS = 500;
/** They are kept as evidence, which has its limits. */
const MOST_OWNERS = 50;

/**
 * What depends on a component, itself or through an API that it provides, and who owns that.
 * What the component's own owners own is no matter of others, and is left out. Only refs of
 * the tenant are asked for.
 *
 * @param read - reads entities of the tenant by their refs, in their order
 * @throws InputError where so much depends on it that nobody can be asked for all of it
 */
export async function readDependants(
  tenant: string,
  component: Entity,
  read: (refs: string[]) => Promise<Array<Entity | undefined>>,
): Promise<Dependants> {
  const own = new Set(targetsOf(component, RELATION_OWNED_BY));
  const ofTenant = (refs: string[]) =>
    [...new Set(refs)].filter(ref =>
      ref.split(':')[1]?.startsWith(`${tenant}/`),
    );
  const apis = ofTenant(targetsOf(component, RELATION_PROVIDES_API));
  const provided = apis.length > 0 ? await read(apis) : [];
  const refs = ofTenant([
    ...targetsOf(component, RELATION_DEPENDENCY_OF),
    ...provided.flatMap(api =>
      api
        ? [
            ...targetsOf(api, RELATION_API_CONSUMED_BY),
            ...targetsOf(api, RELATION_DEPENDENCY_OF),
          ]
        : [],
    ),
  ]);
  if (refs.length > MOST_DEPENDANTS) {
    throw new InputError(
      `${refs.length} entities depend on the component, and owners of at most ${MOST_DEPENDANTS} are asked: name groups in the rule instead of owners:dependants`,
    );
  }
  const dependants = refs.length > 0 ? await read(refs) : [];
  const owners = dependants
    .map(entity => (entity ? targetsOf(entity, RELATION_OWNED_BY) : []))
    .filter(found => !found.some(ref => own.has(ref)));
  const all = [...new Set(owners.flat())].sort();
  if (all.length > MOST_OWNERS) {
    throw new InputError(
      `What depends on the component has ${all.length} owners, and at most ${MOST_OWNERS} are asked: name groups in the rule instead of owners:dependants`,
    );
  }
  return { count: owners.length, owners: all };
}

function targetsOf(entity: Entity, type: string): string[] {
  return (entity.relations ?? [])
    .filter(relation => relation.type === type)
    .map(({ targetRef }) => targetRef);
}
