import {
  type Entity,
  parseEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { type JsonObject, type JsonValue } from '@backstage/types';
import { type DocumentPath, quote, RefusedDocument } from './RefusedDocument';

/** Fields of `spec` that name other entities, and the kind that a short ref means. */
const referenceFields: ReadonlyMap<string, string | undefined> = new Map([
  ['owner', 'group'],
  ['system', 'system'],
  ['domain', 'domain'],
  ['subdomainOf', 'domain'],
  ['subcomponentOf', 'component'],
  ['providesApis', 'api'],
  ['consumesApis', 'api'],
  ['dependsOn', undefined],
  ['dependencyOf', undefined],
  ['parent', 'group'],
  ['children', 'group'],
  ['memberOf', 'group'],
  ['members', 'user'],
]);

/** A whole text that is a full ref of a kind that Portico knows. */
const FULL_REF =
  /^\s*(?:api|component|domain|environment|group|location|pipeline|resource|system|template|user):([^/\s:]+)\/[^/\s]+\s*$/i;

/**
 * Makes every ref of an entity a full one in the tenant's namespace, so that no
 * reader completes a short one with another namespace.
 *
 * A relation in the catalog shows on both of its ends. So a ref into another
 * namespace, the platform's included, is refused wherever it is written.
 *
 * @throws RefusedDocument with the path of the ref
 */
export function completeReferences(entity: Entity, tenant: string): Entity {
  const spec: JsonObject = { ...entity.spec };
  for (const [field, defaultKind] of referenceFields) {
    const value = spec[field];
    if (typeof value === 'string') {
      spec[field] = complete(value, defaultKind, tenant, ['spec', field]);
    } else if (Array.isArray(value)) {
      spec[field] = value.map((item, index) =>
        typeof item === 'string'
          ? complete(item, defaultKind, tenant, ['spec', field, index])
          : item,
      );
    }
  }
  const completed: Entity = entity.spec ? { ...entity, spec } : entity;
  refuseForeignRefs(completed.metadata, tenant, ['metadata']);
  refuseForeignRefs(completed.spec, tenant, ['spec']);
  return completed;
}

function complete(
  ref: string,
  defaultKind: string | undefined,
  tenant: string,
  path: DocumentPath,
): string {
  let parsed;
  try {
    parsed = parseEntityRef(ref, { defaultKind, defaultNamespace: tenant });
  } catch {
    throw new RefusedDocument(
      path,
      `${quote(ref)} is no entity ref; expected ${
        defaultKind
          ? `a name or "${defaultKind}:name"`
          : 'a kind and a name, as in "component:name"'
      }`,
    );
  }
  if (parsed.namespace.toLowerCase() !== tenant) {
    throw new RefusedDocument(path, foreignRefReason(ref, tenant));
  }
  return stringifyEntityRef({ ...parsed, namespace: tenant });
}

function refuseForeignRefs(
  value: JsonValue | undefined,
  tenant: string,
  path: DocumentPath,
): void {
  if (typeof value === 'string') {
    const namespace = FULL_REF.exec(value)?.[1];
    if (namespace !== undefined && namespace.toLowerCase() !== tenant) {
      throw new RefusedDocument(path, foreignRefReason(value, tenant));
    }
  } else if (Array.isArray(value)) {
    value.forEach((item, index) =>
      refuseForeignRefs(item, tenant, [...path, index]),
    );
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      refuseForeignRefs(item, tenant, [...path, key]);
    }
  }
}

function foreignRefReason(ref: string, tenant: string): string {
  return `${quote(
    ref,
  )} leads into another namespace; expected an entity of "${tenant}"`;
}
