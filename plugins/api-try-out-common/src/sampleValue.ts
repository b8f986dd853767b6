import { type ApiDescription, type ApiSchema } from './ApiDescription';

const MOST_DEPTH = 6;

/** A value that fits a schema: its example where it has one, else one of its type. */
export function sampleValue(
  schema: ApiSchema,
  resolve: ApiDescription['resolveSchema'],
  depth = 0,
): unknown {
  const resolved = resolve(schema);
  for (const key of ['example', 'const', 'default'] as const) {
    if (resolved[key] !== undefined) return resolved[key];
  }
  for (const key of ['examples', 'enum'] as const) {
    const [first] = listOf(resolved[key]);
    if (first !== undefined) return first;
  }
  if (depth >= MOST_DEPTH) return null;
  const inner = (part: unknown) =>
    sampleValue(isSchema(part) ? part : {}, resolve, depth + 1);
  const all = listOf(resolved.allOf).map(inner).filter(isSchema);
  const properties = isSchema(resolved.properties) ? resolved.properties : {};
  if (all.length > 0 || Object.keys(properties).length > 0) {
    return Object.assign(
      {},
      ...all,
      Object.fromEntries(
        Object.entries(properties)
          .filter(([, part]) => !isSchema(part) || part.readOnly !== true)
          .map(([name, part]) => [name, inner(part)]),
      ),
    );
  }
  const [alternative] = [...listOf(resolved.oneOf), ...listOf(resolved.anyOf)];
  if (alternative !== undefined) return inner(alternative);
  switch (typeOf(resolved)) {
    case 'string':
      return sampleText(resolved.format);
    case 'integer':
    case 'number':
      return typeof resolved.minimum === 'number' ? resolved.minimum : 0;
    case 'boolean':
      return false;
    case 'array':
      return [inner(resolved.items)];
    case 'object':
      return {};
    case undefined:
    default:
      return null;
  }
}

/** The type of a schema, where it names one besides `null`. */
export function typeOf(schema: ApiSchema): string | undefined {
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  return types.find(
    (type): type is string => typeof type === 'string' && type !== 'null',
  );
}

function sampleText(format: unknown): string {
  switch (format) {
    case 'date-time':
      return '2026-01-31T12:00:00Z';
    case 'date':
      return '2026-01-31';
    case 'uuid':
      return '00000000-0000-4000-8000-000000000000';
    case 'email':
      return 'someone@example.org';
    case 'uri':
      return 'https://example.org';
    default:
      return 'text';
  }
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function isSchema(value: unknown): value is ApiSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
