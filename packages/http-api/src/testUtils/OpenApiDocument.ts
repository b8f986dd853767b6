import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

const documentSchema = z.object({
  openapi: z.string(),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.record(z.string(), z.record(z.string(), z.unknown())),
});

const operationSchema = z.object({
  parameters: z
    .array(
      z.object({ name: z.string().optional(), $ref: z.string().optional() }),
    )
    .default([]),
});

/** A plugin's `openapi.yaml`, read to compare it with what the plugin serves. */
export class OpenApiDocument {
  readonly #document: z.output<typeof documentSchema>;

  /** @param packageName - the package that has `openapi.yaml` in its folder */
  static of(packageName: string): OpenApiDocument {
    return new OpenApiDocument(
      readFileSync(resolvePackagePath(packageName, 'openapi.yaml'), 'utf8'),
    );
  }

  constructor(text: string) {
    this.#document = documentSchema.parse(parse(text));
  }

  /** Of OpenAPI itself, such as `3.1.0`. */
  get version(): string {
    return this.#document.openapi;
  }

  /** Such as `get /grants/{id}`; sorted. */
  operations(): string[] {
    return Object.entries(this.#document.paths)
      .flatMap(([path, item]) =>
        Object.keys(item)
          .filter(key => key !== 'parameters')
          .map(method => `${method} ${path}`),
      )
      .sort();
  }

  /** What it has and has to refer to, such as `schemas/Grant`; sorted. */
  components(): string[] {
    // Security schemes are named, not referred to.
    const { securitySchemes: _, ...components } = this.#document.components;
    return Object.entries(components)
      .flatMap(([kind, entries]) =>
        Object.keys(entries).map(name => `${kind}/${name}`),
      )
      .sort();
  }

  /** Each component that it refers to, once; sorted. */
  references(): string[] {
    const references = JSON.stringify(this.#document).matchAll(
      /"#\/components\/([^"]+)"/g,
    );
    return [...new Set([...references].map(([, name]) => name))].sort();
  }

  /** The names of the parameters of reading a path; sorted. */
  parametersOf(path: string): string[] {
    const { parameters } = operationSchema.parse(
      this.#document.paths[path]?.get,
    );
    return parameters
      .map(({ name, $ref }) => name ?? String($ref).split('/').at(-1) ?? '')
      .sort();
  }

  schema(name: string): unknown {
    return this.#document.components.schemas?.[name];
  }
}
