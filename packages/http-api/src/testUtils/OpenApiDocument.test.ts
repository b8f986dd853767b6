import { fieldsOf } from './fieldsOf';
import { OpenApiDocument } from './OpenApiDocument';
import { routesOf } from './routesOf';

const document = new OpenApiDocument(`
openapi: 3.1.0
paths:
  /things/{id}:
    parameters: [{ $ref: '#/components/parameters/Id' }]
    get: { parameters: [{ name: limit }, { $ref: '#/components/parameters/After' }] }
    delete: {}
  /things:
    post: { requestBody: { $ref: '#/components/schemas/Thing' } }
    get: {}
components:
  parameters: { Id: {}, After: {} }
  schemas:
    Unused: {}
    Thing: { type: object, properties: { b: {}, a: {} }, required: [b, a] }
  securitySchemes: { token: {} }
`);

describe('OpenApiDocument', () => {
  it('lists operations, components and references', () => {
    expect(document.version).toBe('3.1.0');
    expect(document.operations()).toEqual([
      'delete /things/{id}',
      'get /things',
      'get /things/{id}',
      'post /things',
    ]);
    expect(document.references()).toEqual([
      'parameters/After',
      'parameters/Id',
      'schemas/Thing',
    ]);
    expect(document.components()).toEqual([
      'parameters/After',
      'parameters/Id',
      'schemas/Thing',
      'schemas/Unused',
    ]);
    expect(document.parametersOf('/things/{id}')).toEqual(['After', 'limit']);
    expect(document.parametersOf('/things')).toEqual([]);
    expect(() => document.parametersOf('/absent')).toThrow();
    expect(fieldsOf(document.schema('Thing'))).toEqual({
      properties: ['a', 'b'],
      required: ['a', 'b'],
    });
    expect(() => fieldsOf(document.schema('Absent'))).toThrow();
  });

  it('reads the routes of a router as OpenAPI writes them', () => {
    const stack = [
      {},
      { route: { path: '/things/:id', methods: { get: true, delete: true } } },
      { route: { path: '/things', methods: { post: true } } },
    ];
    expect(routesOf({ stack })).toEqual([
      'delete /things/{id}',
      'get /things/{id}',
      'post /things',
    ]);
  });
});
