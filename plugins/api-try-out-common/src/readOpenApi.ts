import { parseDocument } from 'yaml';
import {
  type ApiContent,
  type ApiCredential,
  type ApiDescription,
  apiMethods,
  type ApiOperation,
  type ApiParameter,
  type ApiRequestBody,
  type ApiResponse,
  type ApiSchema,
  type ApiServer,
} from './ApiDescription';

/** A definition that is no OpenAPI, or one that cannot be read. */
export class OpenApiError extends Error {}

const MOST_CHARACTERS = 2 * 1024 * 1024;
const MOST_OPERATIONS = 1_000;
const MOST_REFERENCES = 20;

type Json = Readonly<Record<string, unknown>>;

function parse(definition: string): Json {
  if (definition.length > MOST_CHARACTERS) {
    throw new OpenApiError('The definition is larger than 2 MiB.');
  }
  const document = parseDocument(definition, { logLevel: 'silent' });
  const [error] = document.errors;
  if (error) {
    throw new OpenApiError(
      `The definition cannot be read: ${error.message.split('\n')[0]}`,
    );
  }
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    if (isMap(value)) return value;
  } catch {
    throw new OpenApiError('The definition repeats itself too often.');
  }
  throw new OpenApiError('The definition is no map of YAML or JSON.');
}

/** Reads paths and what they hold. */
class OperationReader {
  readonly #root: Json;
  readonly #resolve: (value: unknown) => Json;
  readonly #isSwagger: boolean;

  constructor(
    root: Json,
    resolve: (value: unknown) => Json,
    isSwagger: boolean,
  ) {
    this.#root = root;
    this.#resolve = resolve;
    this.#isSwagger = isSwagger;
  }

  operations(): ApiOperation[] {
    const operations: ApiOperation[] = [];
    for (const [path, item] of Object.entries(mapOf(this.#root.paths))) {
      if (!path.startsWith('/')) continue;
      const pathItem = this.#resolve(item);
      for (const method of apiMethods) {
        const operation = pathItem[method];
        if (isMap(operation) && operations.length < MOST_OPERATIONS) {
          operations.push(this.#operation(path, method, pathItem, operation));
        }
      }
    }
    return operations;
  }

  #operation(
    path: string,
    method: ApiOperation['method'],
    pathItem: Json,
    operation: Json,
  ): ApiOperation {
    const all = new Map<string, Json>();
    for (const parameter of [
      ...listOf(pathItem.parameters),
      ...listOf(operation.parameters),
    ]) {
      const resolved = this.#resolve(parameter);
      all.set(`${resolved.in} ${resolved.name}`, resolved);
    }
    const body = this.#isSwagger
      ? this.#swaggerBody([...all.values()], operation)
      : this.#body(operation.requestBody);
    const summary = textOf(operation.summary);
    return {
      method,
      path,
      ...(summary && { summary }),
      ...described(operation),
      deprecated: operation.deprecated === true,
      tags: listOf(operation.tags).filter(tag => typeof tag === 'string'),
      parameters: [...all.values()].flatMap(parameter =>
        this.#parameter(parameter),
      ),
      ...(body && { requestBody: body }),
      responses: this.#responses(operation),
    };
  }

  #parameter(parameter: Json): ApiParameter[] {
    const name = textOf(parameter.name);
    const place = parameter.in;
    if (
      !name ||
      (place !== 'path' && place !== 'query' && place !== 'header')
    ) {
      return [];
    }
    // Swagger has the type beside the name.
    const schema = isMap(parameter.schema)
      ? this.#resolve(parameter.schema)
      : parameter;
    const example = exampleOf(parameter, this.#resolve);
    return [
      {
        name,
        in: place,
        required: place === 'path' || parameter.required === true,
        ...described(parameter),
        schema,
        ...(example !== undefined && { example }),
      },
    ];
  }

  #body(value: unknown): ApiRequestBody | undefined {
    if (!isMap(value)) return undefined;
    const body = this.#resolve(value);
    const contents = this.#contents(body.content);
    return contents.length > 0
      ? { required: body.required === true, ...described(body), contents }
      : undefined;
  }

  #swaggerBody(
    parameters: readonly Json[],
    operation: Json,
  ): ApiRequestBody | undefined {
    const body = parameters.find(parameter => parameter.in === 'body');
    return (
      body && {
        required: body.required === true,
        ...described(body),
        contents: this.#mediaTypes(operation, 'consumes').map(mediaType => ({
          mediaType,
          schema: mapOf(body.schema),
        })),
      }
    );
  }

  #responses(operation: Json): ApiResponse[] {
    return Object.entries(mapOf(operation.responses)).map(([status, value]) => {
      const response = this.#resolve(value);
      return {
        status,
        description: textOf(response.description) ?? '',
        contents:
          this.#isSwagger && isMap(response.schema)
            ? this.#mediaTypes(operation, 'produces').map(mediaType => ({
                mediaType,
                schema: mapOf(response.schema),
              }))
            : this.#contents(response.content),
      };
    });
  }

  #contents(value: unknown): ApiContent[] {
    return Object.entries(mapOf(value)).map(([mediaType, content]) => {
      const resolved = this.#resolve(content);
      const example = exampleOf(resolved, this.#resolve);
      return {
        mediaType,
        schema: mapOf(resolved.schema),
        ...(example !== undefined && { example }),
      };
    });
  }

  #mediaTypes(operation: Json, key: 'consumes' | 'produces'): string[] {
    const types = listOf(operation[key] ?? this.#root[key]).filter(
      type => typeof type === 'string',
    );
    return types.length > 0 ? types : ['application/json'];
  }
}

/**
 * Reads a definition in OpenAPI 3 or Swagger 2. References into other files are not
 * followed, and what is malformed in a part is left out with that part.
 *
 * @throws OpenApiError with one sentence when there is nothing to show
 */
export function readOpenApi(definition: string): ApiDescription {
  const root = parse(definition);
  const isSwagger = root.swagger === '2.0';
  if (!isSwagger && !/^3\.\d/.test(textOf(root.openapi) ?? '')) {
    throw new OpenApiError(
      'The definition names neither "openapi: 3.…" nor "swagger: 2.0".',
    );
  }
  const resolve = (value: unknown): Json => resolveReference(root, value);
  const reader = new OperationReader(root, resolve, isSwagger);
  const info = mapOf(root.info);
  return {
    title: textOf(info.title) ?? '',
    version: textOf(info.version) ?? '',
    ...described(info),
    servers: isSwagger ? swaggerServers(root) : readServers(root),
    operations: reader.operations(),
    credentials: readCredentials(root, resolve),
    resolveSchema: resolve,
  };
}

function readServers(root: Json): ApiServer[] {
  const servers = listOf(root.servers).flatMap(value => {
    const server = mapOf(value);
    const url = textOf(server.url);
    if (!url) return [];
    const variables = mapOf(server.variables);
    return [
      {
        url: url.replace(
          /\{([^{}]*)\}/g,
          (whole, name) =>
            textOf(mapOf(ownValue(variables, name)).default) ?? whole,
        ),
        ...described(server),
      },
    ];
  });
  // OpenAPI: without servers, it is where the service runs.
  return servers.length > 0 ? servers : [{ url: '/' }];
}

function swaggerServers(root: Json): ApiServer[] {
  const path = textOf(root.basePath) ?? '/';
  const host = textOf(root.host);
  if (!host) return [{ url: path }];
  const schemes = listOf(root.schemes).filter(
    scheme => scheme === 'https' || scheme === 'http',
  );
  return (schemes.length > 0 ? schemes : ['https']).map(scheme => ({
    url: `${scheme}://${host}${path}`,
  }));
}

function readCredentials(
  root: Json,
  resolve: (value: unknown) => Json,
): ApiCredential[] {
  const schemes =
    root.securityDefinitions ?? mapOf(root.components).securitySchemes;
  return Object.entries(mapOf(schemes)).flatMap(([scheme, value]) => {
    const { type, scheme: kind, name, in: place, ...more } = resolve(value);
    const common = { scheme, ...described(more) };
    const header = { ...common, in: 'header' as const, name: 'Authorization' };
    if (type === 'apiKey' && (place === 'header' || place === 'query')) {
      const key = textOf(name);
      return key ? [{ ...common, in: place, name: key, prefix: '' }] : [];
    }
    if (type === 'basic' || (type === 'http' && kind === 'basic')) {
      return [{ ...header, prefix: 'Basic ' }];
    }
    return type === 'http' || type === 'oauth2' || type === 'openIdConnect'
      ? [{ ...header, prefix: 'Bearer ' }]
      : [];
  });
}

function exampleOf(value: Json, resolve: (value: unknown) => Json): unknown {
  if (value.example !== undefined) return value.example;
  const [first] = Object.values(mapOf(value.examples));
  return first === undefined ? undefined : resolve(first).value;
}

/** Follows `#/…` references, also from one to the next, and no others. */
function resolveReference(root: Json, value: unknown): Json {
  let current = mapOf(value);
  for (let count = 0; count < MOST_REFERENCES; count++) {
    const reference = current.$ref;
    if (typeof reference !== 'string') return current;
    if (!reference.startsWith('#/')) return {};
    let found: unknown = root;
    for (const part of reference.slice(2).split('/')) {
      found = ownValue(mapOf(found), partOf(part));
    }
    current = mapOf(found);
  }
  return {};
}

function partOf(text: string): string {
  const plain = text.replaceAll('~1', '/').replaceAll('~0', '~');
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}

function described(value: Json): { description?: string } {
  const description = textOf(value.description);
  return description ? { description } : {};
}

function ownValue(value: Json, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : undefined;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function mapOf(value: unknown): ApiSchema {
  return isMap(value) ? value : {};
}

function isMap(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
