import fc from 'fast-check';
import { readOpenApi } from './readOpenApi';
import { sampleValue } from './sampleValue';

const orders = `
openapi: 3.1.0
info: { title: Orders, version: 1.2.0, description: All orders. }
servers:
  - url: https://{region}.example.org/v1
    variables: { region: { default: eu } }
  - { url: / }
paths:
  /orders/{id}:
    parameters:
      - { $ref: '#/components/parameters/Id' }
    get:
      summary: One order
      tags: [orders]
      parameters:
        - { name: session, in: cookie }
        - { name: id, in: path, description: Overrides the one above }
      responses:
        '200':
          description: It
          content: { application/json: { schema: { $ref: '#/components/schemas/Order' } } }
        default: { $ref: '#/components/responses/Problem' }
    put:
      deprecated: true
      requestBody:
        required: true
        content:
          application/json: { schema: { $ref: '#/components/schemas/Order' } }
      responses: {}
  x-ignored: {}
components:
  parameters:
    Id: { name: id, in: path, required: true, schema: { type: string }, example: a1 }
  responses:
    Problem: { description: It went wrong }
  schemas:
    Order:
      type: object
      required: [id]
      properties:
        id: { type: string, format: uuid, readOnly: true }
        lines: { type: array, items: { $ref: '#/components/schemas/Line' } }
        parent: { $ref: '#/components/schemas/Order' }
        state: { enum: [open, closed] }
    Line: { allOf: [{ type: object, properties: { count: { type: integer, minimum: 1 } } }] }
  securitySchemes:
    token: { type: http, scheme: bearer }
    key: { type: apiKey, in: query, name: key }
    session: { type: apiKey, in: cookie, name: session }
`;

it('reads OpenAPI 3', () => {
  const api = readOpenApi(orders);
  expect(api).toMatchObject({
    title: 'Orders',
    version: '1.2.0',
    description: 'All orders.',
    servers: [{ url: 'https://eu.example.org/v1' }, { url: '/' }],
    credentials: [
      {
        scheme: 'token',
        in: 'header',
        name: 'Authorization',
        prefix: 'Bearer ',
      },
      { scheme: 'key', in: 'query', name: 'key', prefix: '' },
    ],
  });
  const [get, put] = api.operations;
  expect(get).toEqual({
    method: 'get',
    path: '/orders/{id}',
    summary: 'One order',
    deprecated: false,
    tags: ['orders'],
    parameters: [
      {
        name: 'id',
        in: 'path',
        required: true,
        description: 'Overrides the one above',
        schema: expect.any(Object),
      },
    ],
    responses: [
      {
        status: '200',
        description: 'It',
        contents: [
          {
            mediaType: 'application/json',
            schema: { $ref: '#/components/schemas/Order' },
          },
        ],
      },
      { status: 'default', description: 'It went wrong', contents: [] },
    ],
  });
  expect(put).toMatchObject({
    deprecated: true,
    parameters: [{ name: 'id', example: 'a1' }],
    requestBody: { required: true },
  });
  expect(
    sampleValue({ $ref: '#/components/schemas/Line' }, api.resolveSchema),
  ).toEqual({ count: 1 });
  // A schema that holds itself ends somewhere, and read-only fields are not sent.
  expect(
    sampleValue({ $ref: '#/components/schemas/Order' }, api.resolveSchema),
  ).toMatchObject({ lines: [{ count: 1 }], state: 'open' });
});

it('reads Swagger 2', () => {
  const api = readOpenApi(
    JSON.stringify({
      swagger: '2.0',
      info: { title: 'Old', version: 1 },
      host: 'old.example.org',
      basePath: '/api',
      schemes: ['https', 'ws'],
      consumes: ['application/json'],
      paths: {
        '/things': {
          post: {
            parameters: [
              { name: 'dry', in: 'query', type: 'boolean' },
              { name: 'thing', in: 'body', schema: { type: 'string' } },
            ],
            responses: { 201: { description: 'Made', schema: {} } },
          },
        },
      },
      securityDefinitions: { login: { type: 'basic' } },
    }),
  );
  expect(api).toMatchObject({
    version: '1',
    servers: [{ url: 'https://old.example.org/api' }],
    credentials: [{ scheme: 'login', prefix: 'Basic ' }],
    operations: [
      {
        parameters: [{ name: 'dry', in: 'query', schema: { type: 'boolean' } }],
        requestBody: {
          contents: [
            { mediaType: 'application/json', schema: { type: 'string' } },
          ],
        },
        responses: [
          { status: '201', contents: [{ mediaType: 'application/json' }] },
        ],
      },
    ],
  });
});

it.each([
  ['', 'no map'],
  ['just text', 'no map'],
  ['type Query { a: Int }', 'neither'],
  ['openapi: 2.9', 'neither'],
  ['asyncapi: 3.0.0', 'neither'],
  ['openapi: [', 'cannot be read'],
  ['x'.repeat(3_000_000), 'larger'],
])('refuses %.30j', (definition, reason) => {
  expect(() => readOpenApi(definition)).toThrow(reason);
});

it('follows no reference out of the definition, and none in a circle', () => {
  const { resolveSchema } = readOpenApi(
    'openapi: 3.0.0\ncomponents: { schemas: { A: { $ref: "#/components/schemas/B" }, B: { $ref: "#/components/schemas/A" } } }',
  );
  for (const $ref of [
    '#/components/schemas/A',
    'other.yaml#/A',
    'file:///etc/passwd',
    '#/__proto__/constructor',
    '#/%zz',
  ]) {
    expect(resolveSchema({ $ref })).toEqual({});
  }
});

it('reads or refuses whatever stands in its place', () => {
  const keys = fc.constantFrom(
    'paths',
    'servers',
    'components',
    '/a',
    'get',
    'parameters',
    'responses',
    '$ref',
    'info',
    'content',
  );
  fc.assert(
    fc.property(fc.anything({ key: keys, maxDepth: 6 }), value => {
      const definition = JSON.stringify({
        ...(typeof value === 'object' ? value : {}),
        openapi: '3.1.0',
      });
      const api = readOpenApi(definition);
      for (const operation of api.operations) {
        expect(operation.path).toMatch(/^\//);
        expect(Array.isArray(operation.responses)).toBe(true);
      }
      for (const { url } of api.servers) {
        expect(typeof url).toBe('string');
      }
    }),
    { numRuns: 500 },
  );
});
