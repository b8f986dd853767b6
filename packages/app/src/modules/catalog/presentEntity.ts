import { type Entity, parseEntityRef } from '@backstage/catalog-model';
import {
  defaultEntityPresentation,
  type EntityRefPresentationSnapshot,
} from '@backstage/plugin-catalog-react';

/**
 * How an entity is named: as stock does it, but without its namespace. That is the
 * tenant, and nobody sees those of two tenants.
 */
export function presentEntity(options: {
  entityRef: string;
  entity?: Entity;
  context?: { defaultKind?: string; defaultNamespace?: string };
}): EntityRefPresentationSnapshot {
  const { entityRef, entity, context } = options;
  const { namespace, name } = parseEntityRef(entityRef);
  const snapshot = defaultEntityPresentation(entity ?? entityRef, context);
  return {
    ...snapshot,
    primaryTitle: snapshot.primaryTitle.replace(`${namespace}/${name}`, name),
  };
}
