import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

/** A JSON schema, as far as it is of interest here. */
export type JsonSchema = { [key: string]: unknown };

/** The schema of one kind, and the file name that kubeconform looks for. */
export interface KindSchema {
  file: string;
  schema: JsonSchema;
}

const swaggerSchema = z.object({
  definitions: z.record(
    z.string(),
    z.looseObject({
      'x-kubernetes-group-version-kind': z
        .array(
          z.object({
            group: z.string(),
            version: z.string(),
            kind: z.string(),
          }),
        )
        .optional(),
    }),
  ),
});

const definitionSchema = z.object({
  kind: z.literal('CustomResourceDefinition'),
  spec: z.object({
    group: z.string(),
    names: z.object({ kind: z.string() }),
    versions: z.array(
      z.object({
        name: z.string(),
        schema: z.object({
          openAPIV3Schema: z.record(z.string(), z.unknown()),
        }),
      }),
    ),
  }),
});

/** Where numbers are written as text, and where text is written as numbers. */
const freeNumber = { anyOf: [{ type: 'string' }, { type: 'number' }] };

/** The schemas of all kinds that an API server describes. */
export function readSwagger(text: string): KindSchema[] {
  const { definitions } = swaggerSchema.parse(JSON.parse(text));
  const strict = Object.fromEntries(
    Object.entries(definitions).map(([name, definition]) => [
      name,
      name.endsWith('.Quantity') ? freeNumber : closed(definition),
    ]),
  );
  return Object.entries(definitions).flatMap(([name, definition]) =>
    (definition['x-kubernetes-group-version-kind'] ?? []).map(kind => ({
      file: fileOf(kind),
      schema: {
        $ref: `#/definitions/${name}`,
        definitions: Object.fromEntries(
          [...reached(name, strict)].map(one => [one, strict[one]]),
        ),
      },
    })),
  );
}

/** The schemas of the kinds in a file of definitions. */
export function readCustomDefinitions(text: string): KindSchema[] {
  return parseAllDocuments(text)
    .map(document => definitionSchema.safeParse(document.toJS()))
    .flatMap(parsed => (parsed.success ? [parsed.data.spec] : []))
    .flatMap(({ group, names, versions }) =>
      versions.map(({ name, schema }) => ({
        file: fileOf({ group, version: name, kind: names.kind }),
        schema: closed({
          ...schema.openAPIV3Schema,
          properties: {
            ...propertiesOf(schema.openAPIV3Schema),
            // The API server knows what they are without being told.
            metadata: {
              type: 'object',
              'x-kubernetes-preserve-unknown-fields': true,
            },
          },
        }),
      })),
    );
}

function fileOf(kind: { group: string; version: string; kind: string }) {
  const group = kind.group === '' ? '' : `${kind.group.split('.')[0]}-`;
  return `${kind.kind.toLowerCase()}-${group}${kind.version}.json`;
}

function propertiesOf(schema: JsonSchema): JsonSchema {
  return z.record(z.string(), z.unknown()).catch({}).parse(schema.properties);
}

/** Refuses fields that nobody described, as the strict API server does. */
function closed(value: unknown): JsonSchema {
  return close(value) as JsonSchema;
}

function close(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(close);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const schema = value as JsonSchema;
  if (
    schema.format === 'int-or-string' ||
    schema['x-kubernetes-int-or-string'] === true
  ) {
    return freeNumber;
  }
  const made = Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => key !== 'description' && key !== 'format')
      .map(([key, one]) => [key, close(one)]),
  );
  const isOpen =
    schema['x-kubernetes-preserve-unknown-fields'] === true ||
    schema.additionalProperties !== undefined ||
    typeof schema.properties !== 'object';
  return isOpen ? made : { ...made, additionalProperties: false };
}

/** Names of all definitions that one refers to, itself included. */
function reached(
  name: string,
  definitions: Record<string, unknown>,
  found = new Set<string>(),
): Set<string> {
  if (!found.has(name)) {
    found.add(name);
    const references = JSON.stringify(definitions[name]).matchAll(
      /"#\/definitions\/([^"]+)"/g,
    );
    for (const [, reference] of references) {
      reached(reference, definitions, found);
    }
  }
  return found;
}
