import { type Entity, parseEntityRef } from '@backstage/catalog-model';

/** What a row of a list shows of an entity. */
export interface EntityRow {
  /** The entity's ref. */
  id: string;
  kind: string;
  namespace: string;
  name: string;
  /** What people call it: its title, or else its name. */
  title: string;
  description?: string;
  type?: string;
  lifecycle?: string;
  owner?: EntityName;
  /** The system of a part, the domain of a system. */
  partOf?: EntityName;
  tags: string[];
  /** Whether it belongs to the platform and not to a tenant. */
  isOfPlatform: boolean;
}

/** An entity that another one names. */
export interface EntityName {
  kind: string;
  namespace: string;
  name: string;
}

/** The fields of an entity that its row needs, and no more. */
export const rowFields = [
  'kind',
  'metadata.namespace',
  'metadata.name',
  'metadata.title',
  'metadata.description',
  'metadata.tags',
  'spec.type',
  'spec.lifecycle',
  'spec.owner',
  'spec.system',
  'spec.domain',
  'spec.profile.displayName',
];

/** Reads a row out of an entity, whatever its author left out or wrote there. */
export function toRow(entity: Entity): EntityRow {
  const { kind, metadata, spec } = entity;
  const namespace = metadata.namespace ?? 'default';
  const profile = spec?.profile;
  const displayName =
    typeof profile === 'object' && profile !== null && 'displayName' in profile
      ? text(profile.displayName)
      : undefined;
  const lowerKind = kind.toLocaleLowerCase('en-US');
  return {
    id: `${lowerKind}:${namespace}/${metadata.name}`,
    kind: lowerKind,
    namespace,
    name: metadata.name,
    title: text(metadata.title) ?? displayName ?? metadata.name,
    description: text(metadata.description),
    type: text(spec?.type),
    lifecycle: text(spec?.lifecycle),
    owner: named(spec?.owner, 'group', namespace),
    partOf:
      named(spec?.system, 'system', namespace) ??
      named(spec?.domain, 'domain', namespace),
    tags: metadata.tags ?? [],
    isOfPlatform: namespace === 'default',
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== ''
    ? value.trim()
    : undefined;
}

function named(
  value: unknown,
  defaultKind: string,
  defaultNamespace: string,
): EntityName | undefined {
  const ref = text(value);
  if (ref === undefined) {
    return undefined;
  }
  try {
    const parsed = parseEntityRef(ref, { defaultKind, defaultNamespace });
    return { ...parsed, kind: parsed.kind.toLocaleLowerCase('en-US') };
  } catch {
    // An author may write anything; a name that is no ref is no link either.
    return undefined;
  }
}
