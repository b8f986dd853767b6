import {
  fieldsOf,
  OpenApiDocument,
  routesOf,
} from '@portico/http-api/testUtils';
import * as common from '@portico/plugin-bindings-common';
import { z } from 'zod';
import { createRouter } from './router/createRouter';
import { type RouterOptions } from './router/RouterOptions';

const document = OpenApiDocument.of('@portico/plugin-bindings-backend');

describe('openapi.yaml', () => {
  it('describes every route and no other', () => {
    // Routes are only listed here, so nothing behind them is needed.
    const routes = routesOf(createRouter({} as RouterOptions));
    expect(routes.length).toBe(8);
    expect(document.operations()).toEqual(routes);
  });

  it('refers only to what it has, and has nothing that it does not refer to', () => {
    expect(document.version).toMatch(/^3\.1\./);
    expect(document.components()).toEqual(document.references());
  });

  it.each([
    ['System', common.systemSchema],
    ['CreateGrant', common.createGrantSchema],
    ['Grant', common.grantSchema],
    ['GrantList', common.grantListSchema],
    ['PutCredential', common.putCredentialSchema],
    ['CredentialState', common.credentialStateSchema],
  ])('describes %s with the fields that are checked', (name, schema) => {
    expect(fieldsOf(document.schema(name))).toEqual(
      fieldsOf(z.toJSONSchema(schema, { io: 'input' })),
    );
  });
});
