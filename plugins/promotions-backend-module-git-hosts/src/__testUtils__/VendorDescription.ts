import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { type Call } from './StandInHost';

const anything = z.record(z.string(), z.unknown());
const refSchema = z.object({ $ref: z.string() });
const parameterSchema = z.object({
  name: z.string(),
  in: z.string(),
  schema: z.unknown().optional(),
});
const operationSchema = z.object({
  parameters: z.array(z.unknown()).default([]),
  requestBody: z.unknown().optional(),
  responses: anything,
});
const contentSchema = z.object({
  content: z.object({
    'application/json': z.object({ schema: z.unknown() }),
  }),
});
const shapeSchema = z.object({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  properties: anything.optional(),
  required: z.array(z.string()).default([]),
  additionalProperties: z.unknown().optional(),
  items: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  allOf: z.array(z.unknown()).optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
});

/** What a vendor says of its own API, as Swagger 2 or OpenAPI 3, made strict. */
export class VendorDescription {
  static read(file: string | undefined): VendorDescription | undefined {
    return file !== undefined && existsSync(file)
      ? new VendorDescription(
          anything.parse(JSON.parse(readFileSync(file, 'utf8'))),
        )
      : undefined;
  }

  readonly #document: Record<string, unknown>;

  private constructor(document: Record<string, unknown>) {
    this.#document = document;
  }

  /** What of a request and its answer is not described. */
  faultsOf({ method, template, query, body, answer }: Call): string[] {
    const place = `${method} ${template}`;
    const paths = anything.parse(this.#document.paths);
    const item = anything.safeParse(paths[template]).data;
    const operation = operationSchema.safeParse(
      item?.[method.toLowerCase()],
    ).data;
    if (!item || !operation) {
      return [`${place} is not described`];
    }
    const shared = z.array(z.unknown()).default([]).parse(item.parameters);
    const parameters = [...shared, ...operation.parameters].map(parameter =>
      parameterSchema.parse(this.#resolve(parameter)),
    );
    const unknown = query.filter(
      name => !parameters.some(one => one.in === 'query' && one.name === name),
    );
    const bodySchema =
      parameters.find(one => one.in === 'body')?.schema ??
      this.#contentOf(operation.requestBody);
    const response = this.#resolve(operation.responses[String(answer.status)]);
    const answerSchema =
      this.#contentOf(response) ?? anything.safeParse(response).data?.schema;
    return [
      ...unknown.map(name => `${place} has no parameter ${name}`),
      ...(body === undefined
        ? []
        : this.#faults(body, bodySchema, `${place} body`, true)),
      // What is refused has a form of its own everywhere.
      ...(answer.body === undefined || answer.status >= 300
        ? []
        : this.#faults(
            answer.body,
            answerSchema,
            `${place} ${answer.status}`,
            false,
          )),
    ];
  }

  #contentOf(part: unknown): unknown {
    return contentSchema.safeParse(this.#resolve(part)).data?.content[
      'application/json'
    ].schema;
  }

  #resolve(part: unknown): unknown {
    const ref = refSchema.safeParse(part).data?.$ref;
    if (ref === undefined) {
      return part;
    }
    return this.#resolve(
      ref
        .replace(/^#\//, '')
        .split('/')
        .reduce<unknown>(
          (at, key) => anything.parse(at)[key.replace(/~1/g, '/')],
          this.#document,
        ),
    );
  }

  /** @param complete - whether what is required has to be there */
  #faults(
    value: unknown,
    schema: unknown,
    place: string,
    complete: boolean,
  ): string[] {
    const resolved = this.#resolve(schema);
    if (resolved === undefined) {
      return [`${place} is not described`];
    }
    const shape = shapeSchema.parse(resolved);
    const choices = shape.anyOf ?? shape.oneOf;
    if (choices && !shape.properties) {
      const faults = choices.map(choice =>
        this.#faults(value, choice, place, complete),
      );
      return faults.find(({ length }) => length === 0) ?? faults[0] ?? [];
    }
    if (value === null) {
      return [];
    }
    if (Array.isArray(value)) {
      return shape.items === undefined
        ? [`${place} is no list`]
        : value.flatMap(one =>
            this.#faults(one, shape.items, `${place}[]`, complete),
          );
    }
    if (typeof value === 'object') {
      return this.#faultsOfObject(
        anything.parse(value),
        this.#united(shape),
        place,
        complete,
      );
    }
    const types = [shape.type ?? []].flat();
    const type = Number.isInteger(value) ? 'integer' : typeof value;
    const isOfType =
      types.length === 0 ||
      types.includes(type) ||
      (type === 'integer' && types.includes('number'));
    return isOfType && (shape.enum?.includes(value) ?? true)
      ? []
      : [`${place} is not ${JSON.stringify(value)}`];
  }

  #faultsOfObject(
    value: Record<string, unknown>,
    shape: z.infer<typeof shapeSchema>,
    place: string,
    complete: boolean,
  ): string[] {
    const { properties } = shape;
    if (!properties) {
      return shape.additionalProperties === undefined && shape.type !== 'object'
        ? [`${place} is no object`]
        : [];
    }
    return [
      ...(complete
        ? shape.required
            .filter(name => value[name] === undefined)
            .map(name => `${place} has to have ${name}`)
        : []),
      ...Object.entries(value).flatMap(([name, member]) =>
        properties[name] === undefined
          ? [`${place} has no ${name}`]
          : this.#faults(
              member,
              properties[name],
              `${place}.${name}`,
              complete,
            ),
      ),
    ];
  }

  /** With what all of its parts have. */
  #united(shape: z.infer<typeof shapeSchema>): z.infer<typeof shapeSchema> {
    return (shape.allOf ?? []).reduce<z.infer<typeof shapeSchema>>(
      (all, part) => {
        const one = this.#united(shapeSchema.parse(this.#resolve(part)));
        return {
          ...all,
          properties: { ...all.properties, ...one.properties },
          required: [...all.required, ...one.required],
        };
      },
      shape,
    );
  }
}
