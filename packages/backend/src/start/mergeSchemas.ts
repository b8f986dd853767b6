import { type JsonObject, type JsonValue } from '@backstage/types';

/** Top-level keys that are Portico's alone: what nobody describes there is a mistake. */
const ownKeys: ReadonlySet<string> = new Set([
  'apiTryOut',
  'audit',
  'bindings',
  'gitHost',
  'localRuntime',
  'portico',
  'promotions',
  'tenancy',
  'walls',
]);

/** Words of a schema that nothing is checked by. */
const spoken: ReadonlySet<string> = new Set([
  '$schema',
  'deepVisibility',
  'description',
  'visibility',
]);

/**
 * One schema out of those that Portico's packages have for their parts of the
 * configuration. Below Portico's own keys, what none of them describes is refused.
 */
export function mergeSchemas(schemas: readonly JsonObject[]): JsonObject {
  const merged = schemas.reduce<JsonObject>(
    (all, schema) => merge(all, schema),
    {},
  );
  const properties = asObject(merged.properties);
  return {
    ...strip(merged),
    properties: Object.fromEntries(
      Object.entries(properties).map(([key, schema]) => {
        const silent = strip(asObject(schema));
        return [key, ownKeys.has(key) ? close(silent) : silent];
      }),
    ),
  };
}

function merge(left: JsonObject, right: JsonObject): JsonObject {
  const result: JsonObject = { ...left };
  for (const [key, value] of Object.entries(right)) {
    const present = result[key];
    if (present === undefined) {
      result[key] = value;
    } else if (key === 'required') {
      result[key] = [
        ...new Set([...asArray(present), ...asArray(value)]),
      ].sort();
    } else if (isObject(present) && isObject(value)) {
      result[key] = merge(present, value);
    }
  }
  return result;
}

function strip(schema: JsonObject): JsonObject {
  return mapSchemas(
    Object.fromEntries(
      Object.entries(schema).filter(([key]) => !spoken.has(key)),
    ),
    strip,
  );
}

function close(schema: JsonObject): JsonObject {
  return mapSchemas(
    'properties' in schema && !('additionalProperties' in schema)
      ? { ...schema, additionalProperties: false }
      : schema,
    close,
  );
}

/** The same for each schema within a schema. */
function mapSchemas(
  schema: JsonObject,
  change: (inner: JsonObject) => JsonObject,
): JsonObject {
  const result: JsonObject = { ...schema };
  for (const key of ['properties', 'patternProperties', 'definitions']) {
    const named = schema[key];
    if (isObject(named)) {
      result[key] = Object.fromEntries(
        Object.entries(named).map(([name, inner]) => [
          name,
          change(asObject(inner)),
        ]),
      );
    }
  }
  for (const key of ['items', 'additionalProperties']) {
    const inner = schema[key];
    if (isObject(inner)) {
      result[key] = change(inner);
    }
  }
  for (const key of ['anyOf', 'allOf', 'oneOf']) {
    const several = schema[key];
    if (Array.isArray(several)) {
      result[key] = several.map(inner => change(asObject(inner)));
    }
  }
  return result;
}

function asArray(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function asObject(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
