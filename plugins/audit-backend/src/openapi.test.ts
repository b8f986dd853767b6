import { readFileSync } from 'fs';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import * as common from '@portico/plugin-audit-common';
import { parse } from 'yaml';
import { z } from 'zod';
import { createRouter } from './router/createRouter';
import { type RouterOptions } from './router/RouterOptions';

const parametersSchema = z.array(
  z.record(z.string(), z.string().or(z.unknown())),
);
const operationSchema = z.object({ parameters: parametersSchema.optional() });
const document = z
  .object({
    openapi: z.string(),
    paths: z.record(z.string(), z.record(z.string(), z.unknown())),
    components: z.record(z.string(), z.record(z.string(), z.unknown())),
  })
  .parse(
    parse(
      readFileSync(
        resolvePackagePath('@portico/plugin-audit-backend', 'openapi.yaml'),
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
    const options: Partial<RouterOptions> = {};
    const router = createRouter(options as RouterOptions);
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
    expect(routes.length).toBe(11);
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
    ['/entries', ['cursor', 'limit']],
    ['/export', ['format']],
    ['/tail', ['Last-Event-ID']],
  ])('describes each filter of %s', (path, others) => {
    const { parameters = [] } = operationSchema.parse(
      document.paths[path]?.get,
    );
    const names = parameters.map(
      ({ name, $ref }) => name ?? String($ref).split('/').pop(),
    );
    expect(names.sort()).toEqual(
      [...Object.keys(common.auditFilterSchema.shape), ...others].sort(),
    );
  });

  it.each([
    ['AuditEntry', common.auditEntrySchema],
    ['AuditEntryView', common.auditEntryViewSchema],
    ['AuditPage', common.auditPageSchema],
    ['ActList', common.actListSchema],
    ['AnchorState', common.anchorStateSchema],
    ['CheckpointView', common.checkpointViewSchema],
    ['CheckpointPage', common.checkpointPageSchema],
    ['ChainState', common.chainStateSchema],
    ['ChainList', common.chainListSchema],
    ['ConsistencyProof', common.consistencyProofSchema],
    ['InclusionProof', common.inclusionProofSchema],
    ['ErasureRequest', common.erasureRequestSchema],
    ['ErasureResult', common.erasureResultSchema],
  ])('describes %s with the fields that are checked', (name, schema) => {
    expect(fieldsOf(document.components.schemas?.[name])).toEqual(
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
