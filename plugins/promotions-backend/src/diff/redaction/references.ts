import { isMap, isScalar, isSeq, type YAMLMap, type YAMLSeq } from 'yaml';

/** Members of what only points to a secret: its name, and what of it is meant. */
const referenceMembers: ReadonlySet<string> = new Set([
  'apiVersion',
  'audience',
  'defaultMode',
  'expirationSeconds',
  'items',
  'key',
  'kind',
  'mode',
  'name',
  'namespace',
  'optional',
  'path',
  'secretName',
]);

const REFERENCE_NAME = /(?:Name|Ref|Class|Kind)$|^existing\w*Secret$/;
/** Members of Kubernetes objects that hold references and nothing else. */
const REFERENCES =
  /Ref$|^(?:secret|secrets|imagePullSecrets|serviceAccountToken)$/;
const OBJECT_NAME = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;

/** Whether a member such as `secretName` names an object instead of holding its content. */
export function isReferenceKey(key: string, value: unknown): boolean {
  return (
    REFERENCE_NAME.test(key) &&
    typeof value === 'string' &&
    OBJECT_NAME.test(value)
  );
}

/**
 * Whether a value such as `secretKeyRef: {name, key}` or `imagePullSecrets: [{name}]` only
 * points to secrets.
 */
export function isReferenceShape(
  key: string,
  value: YAMLMap | YAMLSeq,
): boolean {
  return (
    REFERENCES.test(key) &&
    (isMap(value) ? isReferenceMap(value) : value.items.every(isReference))
  );
}

function isReference(value: unknown): boolean {
  return isMap(value) && isReferenceMap(value);
}

function isReferenceMap(map: YAMLMap): boolean {
  return map.items.every(({ key, value }) => {
    const name = isScalar(key) ? String(key.value) : '';
    if (!referenceMembers.has(name)) {
      return false;
    }
    return isSeq(value)
      ? value.items.every(isReference)
      : isScalar(value) || value === null;
  });
}
