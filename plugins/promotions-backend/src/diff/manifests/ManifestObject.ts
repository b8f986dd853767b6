import { type JsonObject, type JsonValue } from '@backstage/types';
import { parseAllDocuments, stringify } from 'yaml';
import { type SecretRedactor } from '../redaction/SecretRedactor';

/** A Kubernetes object of a manifest, without secrets and without what is noise. */
export interface ManifestObject {
  group: string;
  kind: string;
  /** Empty where the manifest leaves it to whoever applies it. */
  namespace: string;
  name: string;
  content: JsonObject;
}

/** An object before and after; one of them may be missing. */
export interface ObjectChange {
  before?: ManifestObject;
  after?: ManifestObject;
}

const noiseOfMetadata: ReadonlySet<string> = new Set([
  'managedFields',
  'resourceVersion',
  'uid',
  'generation',
  'creationTimestamp',
  'selfLink',
]);
const noiseOfAnnotations: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'kubectl.kubernetes.io/restartedAt',
  'deployment.kubernetes.io/revision',
]);

/** What kustomize puts behind the name of a generated object. */
const GENERATED = /-[2456789bcdfghkmt]{10}$/;

/** A name without what kustomize puts behind it. */
export function withoutSuffix(name: string): string {
  return name.replace(GENERATED, '');
}

/** What people call an object: `apps/Deployment shop/checkout`. */
export function labelOf(object: Omit<ManifestObject, 'content'>): string {
  const kind = object.group ? `${object.group}/${object.kind}` : object.kind;
  return `${kind} ${object.namespace ? `${object.namespace}/` : ''}${
    object.name
  }`;
}

/**
 * Reads the objects of a manifest; what is none is left out.
 *
 * @throws Error when it is no YAML
 */
export function readManifest(
  text: string,
  redactor: SecretRedactor,
): ManifestObject[] {
  const documents = parseAllDocuments(text, { logLevel: 'silent' });
  if (!Array.isArray(documents)) {
    return [];
  }
  return documents.flatMap(document => {
    const [error] = document.errors;
    if (error) {
      throw error;
    }
    const plain = document.toJS({ maxAliasCount: 100 });
    redactor.redactDocument(document, scopeOf(plain));
    return objectsIn(
      // Through JSON, so that it is nothing but JSON.
      JSON.parse(JSON.stringify(document.toJS({ maxAliasCount: 100 }) ?? null)),
    );
  });
}

/** The text of an object, members in order, as it is compared and shown. */
export function manifestText(object: ManifestObject | undefined) {
  return (
    object &&
    stringify(object.content, {
      sortMapEntries: true,
      lineWidth: 0,
      aliasDuplicateObjects: false,
    })
  );
}

/** Says of a secret value which object it is of. */
function scopeOf(plain: unknown): string {
  const object = isObject(plain) ? toObject(plain) : undefined;
  // A generated name changes with what it is the name of.
  return object
    ? labelOf({ ...object, namespace: '', name: withoutSuffix(object.name) })
    : '';
}

function objectsIn(value: JsonValue): ManifestObject[] {
  if (!isObject(value)) {
    return [];
  }
  if (Array.isArray(value.items) && String(value.kind).endsWith('List')) {
    return value.items.flatMap(objectsIn);
  }
  const object = toObject(value);
  return object ? [object] : [];
}

function toObject(content: JsonObject): ManifestObject | undefined {
  const { apiVersion, kind, metadata } = content;
  const name = isObject(metadata) ? metadata.name : undefined;
  if (
    typeof apiVersion !== 'string' ||
    typeof kind !== 'string' ||
    !isObject(metadata) ||
    typeof name !== 'string'
  ) {
    return undefined;
  }
  return {
    group: apiVersion.includes('/') ? apiVersion.split('/')[0] ?? '' : '',
    kind,
    namespace: typeof metadata.namespace === 'string' ? metadata.namespace : '',
    name,
    content: withoutNoise(content),
  };
}

function withoutNoise(content: JsonObject): JsonObject {
  const { status: _, ...rest } = content;
  return cleaned(rest);
}

/** Pod templates have metadata as well, so it is looked for everywhere. */
function cleaned(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).flatMap(([key, value]) => {
      if (key === 'metadata' && isObject(value)) {
        return [[key, cleanMetadata(value)]];
      }
      return [[key, isObject(value) ? cleaned(value) : value]];
    }),
  );
}

function cleanMetadata(metadata: JsonObject): JsonObject {
  const kept = without(metadata, noiseOfMetadata);
  const { annotations, ...rest } = kept;
  if (!isObject(annotations)) {
    return kept;
  }
  const others = without(annotations, noiseOfAnnotations);
  return Object.keys(others).length > 0
    ? { ...rest, annotations: others }
    : rest;
}

function without(object: JsonObject, keys: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(
    Object.entries(object).filter(([key]) => !keys.has(key)),
  );
}

/** Tells an object of JSON from everything else. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
