/** A schema of OpenAPI as it stands, with references resolved by `resolveSchema`. */
export type ApiSchema = Readonly<Record<string, unknown>>;

export const apiMethods = [
  'get',
  'post',
  'put',
  'patch',
  'delete',
  'head',
  'options',
] as const;
export type ApiMethod = (typeof apiMethods)[number];

/** Where a parameter stands in a request. Cookies are never sent. */
export type ApiParameterPlace = 'path' | 'query' | 'header';

/** A parameter of an operation. */
export interface ApiParameter {
  name: string;
  in: ApiParameterPlace;
  required: boolean;
  description?: string;
  schema: ApiSchema;
  example?: unknown;
}

/** What a body may be, in one media type. */
export interface ApiContent {
  mediaType: string;
  schema: ApiSchema;
  example?: unknown;
}

/** What an operation takes. */
export interface ApiRequestBody {
  required: boolean;
  description?: string;
  contents: ApiContent[];
}

/** What an operation answers with a status, such as `200`, `4XX` or `default`. */
export interface ApiResponse {
  status: string;
  description: string;
  contents: ApiContent[];
}

/** One method of one path. */
export interface ApiOperation {
  method: ApiMethod;
  /** With its parameters in braces: `/v1/orders/{id}`. */
  path: string;
  summary?: string;
  description?: string;
  deprecated: boolean;
  tags: string[];
  parameters: ApiParameter[];
  requestBody?: ApiRequestBody;
  responses: ApiResponse[];
}

/** A secret that the API asks for, and where in a request it stands. */
export interface ApiCredential {
  /** Name of the security scheme. */
  scheme: string;
  in: 'header' | 'query';
  /** Of the header or the query parameter. */
  name: string;
  /** `Bearer ` or `Basic ` where the header begins so. */
  prefix: string;
  description?: string;
}

/** A server of the API, with the defaults of its variables filled in. */
export interface ApiServer {
  /** Absolute, or a path from wherever the service runs. */
  url: string;
  description?: string;
}

/** An API as its definition describes it. */
export interface ApiDescription {
  title: string;
  version: string;
  description?: string;
  servers: ApiServer[];
  operations: ApiOperation[];
  credentials: ApiCredential[];
  /** Follows a reference into the definition. */
  resolveSchema(schema: ApiSchema): ApiSchema;
}
