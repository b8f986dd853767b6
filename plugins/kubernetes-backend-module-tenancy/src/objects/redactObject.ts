import { type JsonObject, type JsonValue } from '@backstage/types';
import {
  isSecretName,
  REDACTED,
  redactSecrets,
} from '@portico/plugin-bindings-node';

const MANAGED_FIELDS = 'managedFields';
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Members that people and programs write anything into. */
const freeText: ReadonlySet<string> = new Set(['message', 'args', 'command']);

/**
 * An object of a cluster without what nobody looks at and without values of variables
 * that are secrets by their name or form.
 */
export function redactObject(object: JsonObject): JsonObject {
  return redactMembers(object);
}

function redactMembers(object: JsonObject): JsonObject {
  const result: JsonObject = {};
  for (const [key, value] of Object.entries(object)) {
    if (key === MANAGED_FIELDS || key === LAST_APPLIED) {
      continue;
    }
    if (key === 'data' && isObject(value)) {
      result[key] = redactData(value);
    } else {
      result[key] = redactValue(freeText.has(key) ? redactText(value) : value);
    }
  }
  const { name, value } = result;
  // A variable of a container
  if (typeof name === 'string' && typeof value === 'string') {
    result.value = isSecretName(name) ? REDACTED : redactSecrets(value).text;
  }
  return result;
}

function redactText(value: JsonValue | undefined): JsonValue | undefined {
  if (Array.isArray(value)) {
    return value.map(item => redactText(item) ?? null);
  }
  return typeof value === 'string' ? redactSecrets(value).text : value;
}

function redactValue(value: JsonValue | undefined): JsonValue | undefined {
  if (Array.isArray(value)) {
    return value.map(item => redactValue(item) ?? null);
  }
  return isObject(value) ? redactMembers(value) : value;
}

/** The data of a config map. */
function redactData(data: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => {
      if (typeof value !== 'string') {
        return [key, redactValue(value)];
      }
      return [key, isSecretName(key) ? REDACTED : redactSecrets(value).text];
    }),
  );
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
