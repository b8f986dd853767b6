import { existsSync, readFileSync } from 'node:fs';
import Ajv, { type ValidateFunction } from 'ajv';
import { z } from 'zod';

const descriptionSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  definitions: z.record(z.string(), z.record(z.string(), z.unknown())),
});
const operationSchema = z.object({
  parameters: z
    .array(
      z.object({
        name: z.string(),
        in: z.enum(['path', 'query', 'body', 'header']),
        schema: z.object({ $ref: z.string() }).optional(),
      }),
    )
    .default([]),
  responses: z.record(
    z.string(),
    z.object({ schema: z.object({ $ref: z.string() }).optional() }),
  ),
});

/** An operation that the vendor describes, and what may be sent and answered. */
export interface DescribedOperation {
  name: string;
  query: ReadonlySet<string>;
  checkBody: ValidateFunction | undefined;
  checkAnswer(status: number): ValidateFunction;
}

/** The vendor's description of its API, made strict: what it does not name is wrong. */
export class VendorDescription {
  /** The file that `PORTICO_ARGOCD_SWAGGER` names; undefined without. */
  static read(
    file = process.env.PORTICO_ARGOCD_SWAGGER,
  ): VendorDescription | undefined {
    return file !== undefined && existsSync(file)
      ? new VendorDescription(
          descriptionSchema.parse(JSON.parse(readFileSync(file, 'utf8'))),
        )
      : undefined;
  }

  readonly #ajv = new Ajv({ strict: false, validateFormats: false });
  readonly #description: z.infer<typeof descriptionSchema>;
  readonly #checks = new Map<string, ValidateFunction>();

  private constructor(description: z.infer<typeof descriptionSchema>) {
    this.#description = description;
    const definitions = Object.fromEntries(
      Object.entries(description.definitions).map(([name, definition]) => [
        name,
        strict(definition),
      ]),
    );
    this.#ajv.addSchema({ $id: 'vendor', definitions });
  }

  /** The operation of a method and path; undefined when the vendor has none. */
  operation(method: string, path: string): DescribedOperation | undefined {
    const [template, methods] =
      Object.entries(this.#description.paths).find(
        ([pattern, item]) =>
          item[method.toLowerCase()] !== undefined &&
          new RegExp(`^${pattern.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path),
      ) ?? [];
    if (!template || !methods) {
      return undefined;
    }
    const { parameters, responses } = operationSchema.parse(
      methods[method.toLowerCase()],
    );
    const body = parameters.find(parameter => parameter.in === 'body');
    return {
      name: `${method} ${template}`,
      query: new Set(
        parameters
          .filter(parameter => parameter.in === 'query')
          .map(({ name }) => name),
      ),
      checkBody: body?.schema && this.#check(body.schema.$ref),
      checkAnswer: status => {
        const schema = (responses[String(status)] ?? responses.default)?.schema;
        if (!schema) {
          throw new Error(`${template} does not answer ${status}`);
        }
        return this.#check(schema.$ref);
      },
    };
  }

  #check(ref: string): ValidateFunction {
    const known = this.#checks.get(ref);
    if (known) {
      return known;
    }
    const check = this.#ajv.compile({ $ref: ref.replace('#', 'vendor#') });
    this.#checks.set(ref, check);
    return check;
  }
}

/** Go writes null for what is empty, and no field that is not described. */
function strict(definition: Record<string, unknown>): Record<string, unknown> {
  const { properties } = definition;
  return definition.type === 'object' && properties !== undefined
    ? { ...definition, additionalProperties: false }
    : definition;
}
