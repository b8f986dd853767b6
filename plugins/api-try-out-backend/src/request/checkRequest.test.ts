import {
  readOpenApi,
  tryOutRequestSchema,
} from '@portico/plugin-api-try-out-common';
import fc from 'fast-check';
import { checkRequest } from './checkRequest';

const api = readOpenApi(`
openapi: 3.1.0
info: { title: Orders, version: 1.0.0 }
paths:
  /v1/orders/{id}:
    parameters:
      - { name: id, in: path, required: true, schema: { type: string } }
    get:
      parameters:
        - { name: limit, in: query, schema: { type: integer } }
        - { name: x-trace, in: header, schema: { type: string } }
        - { name: Host, in: header, schema: { type: string } }
        - { name: Cookie, in: header, schema: { type: string } }
      responses: {}
    post:
      requestBody: { content: { application/json: { schema: {} } } }
      responses: {}
  /v1/%2e%2e/admin:
    get: { responses: {} }
components:
  securitySchemes:
    token: { type: http, scheme: bearer }
    key: { type: apiKey, in: query, name: key }
`);

const server = new URL('https://api.example.org/base/');
const check = (request: object) =>
  checkRequest(
    api,
    server,
    tryOutRequestSchema.parse({
      server: 'definition-0',
      method: 'get',
      path: '/v1/orders/{id}',
      pathParameters: { id: '7' },
      ...request,
    }),
  );

it('writes what the operation takes', () => {
  expect(
    check({
      pathParameters: { id: 'a/b?c#d' },
      query: [
        ['limit', '1 2'],
        ['key', 'secret'],
      ],
      headers: [
        ['X-Trace', 'yes'],
        ['Authorization', 'Bearer abc'],
      ],
    }),
  ).toEqual({
    method: 'GET',
    url: new URL(
      'https://api.example.org/base/v1/orders/a%2Fb%3Fc%23d?limit=1+2&key=secret',
    ),
    shownUrl: 'https://api.example.org/base/v1/orders/a%2Fb%3Fc%23d',
    headers: {
      accept: '*/*',
      'accept-encoding': 'identity',
      'user-agent': 'Portico',
      'x-trace': 'yes',
      authorization: 'Bearer abc',
    },
  });
  expect(
    check({
      method: 'post',
      body: { mediaType: 'application/json', text: '1' },
    }),
  ).toMatchObject({
    body: '1',
    headers: { 'content-type': 'application/json' },
  });
});

it.each([
  [{ path: '/v1/admin' }, 'no operation'],
  [{ path: '/v1/orders/7' }, 'no operation'],
  [{ method: 'delete' }, 'no operation DELETE'],
  [{ pathParameters: {} }, 'needs a value'],
  [{ pathParameters: { id: '..' } }, 'needs a value'],
  [{ pathParameters: { id: '.' } }, 'needs a value'],
  [{ path: '/v1/%2e%2e/admin' }, 'cannot be written'],
  [{ query: [['other', '1']] }, 'no query parameter other'],
  [{ headers: [['x-other', '1']] }, 'no header parameter x-other'],
  [{ headers: [['Host', 'portal.example']] }, 'Host is not sent'],
  [{ headers: [['Cookie', 'a=b']] }, 'Cookie is not sent'],
  [{ headers: [['x-trace', 'a\r\nx: b']] }, 'characters'],
  [{ body: { mediaType: 'application/json', text: '1' } }, 'takes no body'],
  [
    { method: 'post', body: { mediaType: 'text/html', text: '1' } },
    'takes no body of text/html',
  ],
])('refuses %j', (request, reason) => {
  expect(() => check(request)).toThrow(reason);
});

it('never leaves the operation, whatever stands in a parameter', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ minLength: 1 }),
        fc
          .array(
            fc.constantFrom(
              '.',
              '/',
              '\\',
              '%2e',
              '%2F',
              '\n',
              '@',
              ':',
              '?',
              '#',
              'a',
            ),
          )
          .map(parts => parts.join('')),
      ),
      id => {
        let url: URL;
        try {
          ({ url } = check({ pathParameters: { id } }));
        } catch {
          return;
        }
        expect(url.origin).toBe('https://api.example.org');
        expect(url.search).toBe('');
        const [prefix, rest] = [
          url.pathname.slice(0, 16),
          url.pathname.slice(16),
        ];
        expect(prefix).toBe('/base/v1/orders/');
        expect(rest).not.toContain('/');
        expect(decodeURIComponent(rest)).toBe(id);
      },
    ),
    { numRuns: 2_000 },
  );
});
