import { z } from 'zod';

const objectSchema = z.object({
  properties: z.record(z.string(), z.unknown()),
  required: z.array(z.string()).default([]),
});

/** The names of the fields of a JSON schema, and which of them are required; sorted. */
export function fieldsOf(schema: unknown) {
  const { properties, required } = objectSchema.parse(schema);
  return {
    properties: Object.keys(properties).sort(),
    required: required.sort(),
  };
}
