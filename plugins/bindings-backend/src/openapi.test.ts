import { resolvePackagePath } from '@backstage/backend-plugin-api';
import * as common from '@portico/plugin-bindings-common';
import { readFileSync } from 'fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { createRouter } from './router/createRouter';
import { type RouterOptions } from './router/RouterOptions';

const document = z
  .object({
    openapi: z.string(),
    paths: z.record(z.string(), z.record(z.string(), z.unknown())),
    components: z.record(z.string(), z.record(z.string(), z.unknown())),
  })
  .parse(
    parse(
      readFileSync(
        resolvePackagePath('@portico/plugin-bindings-backend', 'openapi.yaml'),
        'utf8',
      ),
    ),
  );

const layersSchema = z.array(
  z.object({
    route: z
      .object({
        path: z.string(),
        methods: z.record(z.string(), z.boolean()),
      })
      .optional(),
  }),
);

describe('openapi.yaml', () => {
  it('describes every route and no other', () => {
    // Routes are only listed here, so nothing behind them is needed.
    const router = createRouter({} as RouterOptions);
    const routes = layersSchema
      .parse(router.stack)
      .flatMap(({ route }) =>
        Object.keys(route?.methods ?? {}).map(
          method => `${method} ${route?.path.replace(/:(\w+)/g, '{$1}')}`,
        ),
      );
    const described = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item)
        .filter(key => key !== 'parameters')
        .map(method => `${method} ${path}`),
    );
    expect(routes.length).toBe(8);
    expect(described.sort()).toEqual(routes.sort());
  });

  it('refers only to what it has, and has nothing that it does not refer to', () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    const references = new Set(
      [...JSON.stringify(document).matchAll(/"#\/components\/([^"]+)"/g)].map(
        ([, reference]) => reference,
      ),
    );
    const { securitySchemes: _, ...components } = document.components;
    const parts = Object.entries(components).flatMap(([kind, entries]) =>
      Object.keys(entries).map(name => `${kind}/${name}`),
    );
    expect(parts.sort()).toEqual([...references].sort());
  });

  it.each([
    ['System', common.systemSchema],
    ['CreateGrant', common.createGrantSchema],
    ['Grant', common.grantSchema],
    ['GrantList', common.grantListSchema],
    ['PutCredential', common.putCredentialSchema],
    ['CredentialState', common.credentialStateSchema],
  ])('describes %s with the fields that are checked', (name, schema) => {
    expect(fieldsOf(document.components.schemas[name])).toEqual(
      fieldsOf(z.toJSONSchema(schema, { io: 'input' })),
    );
  });
});

function fieldsOf(schema: unknown) {
  const { properties, required } = z
    .object({
      properties: z.record(z.string(), z.unknown()),
      required: z.array(z.string()).default([]),
    })
    .parse(schema);
  return {
    properties: Object.keys(properties).sort(),
    required: required.sort(),
  };
}
