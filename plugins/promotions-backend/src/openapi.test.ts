import { resolvePackagePath } from '@backstage/backend-plugin-api';
import * as common from '@portico/plugin-promotions-common';
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
        resolvePackagePath(
          '@portico/plugin-promotions-backend',
          'openapi.yaml',
        ),
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
const parametersSchema = z.object({
  parameters: z
    .array(
      z.object({ name: z.string().optional(), $ref: z.string().optional() }),
    )
    .default([]),
});

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
    expect(routes.length).toBe(26);
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

  it.each<[string, z.ZodType, 'input' | 'output']>([
    ['AnnounceRelease', common.announceReleaseSchema, 'input'],
    ['RequestPromotion', common.requestPromotionSchema, 'input'],
    ['CastVote', common.castVoteSchema, 'input'],
    ['BreakGlass', common.breakGlassSchema, 'input'],
    ['ReviewOverride', common.reviewOverrideSchema, 'input'],
    ['StopLine', common.stopLineSchema, 'input'],
    ['Hold', common.holdSchema, 'input'],
    ['MuteDrift', common.muteDriftSchema, 'input'],
    ['Release', common.releaseSchema, 'output'],
    ['Promotion', common.promotionSchema, 'output'],
    ['PromotionDetail', common.promotionDetailSchema, 'output'],
    ['Lane', common.laneSchema, 'output'],
    ['BoardRow', common.boardRowSchema, 'output'],
    ['Deployment', common.deploymentSchema, 'output'],
    ['DeploymentDiff', common.deploymentDiffSchema, 'output'],
    ['Effect', common.effectSchema, 'output'],
    ['GateResult', common.gateResultSchema, 'output'],
    ['WindowCalendar', common.windowCalendarSchema, 'output'],
    ['Drift', common.driftSchema, 'output'],
    ['DeliveryFigures', common.deliveryFiguresSchema, 'output'],
  ])('describes %s with its fields', (name, schema, io) => {
    expect(fieldsOf(document.components.schemas[name])).toEqual(
      fieldsOf(z.toJSONSchema(schema, { io, unrepresentable: 'any' })),
    );
  });

  it.each<[string, z.ZodType]>([
    ['/releases', common.releaseQuerySchema],
    ['/delivery', common.componentQuerySchema],
    ['/board', common.boardQuerySchema],
    ['/promotions', common.promotionQuerySchema],
    ['/diff', common.diffQuerySchema],
    ['/deployments', common.deploymentQuerySchema],
    ['/windows', common.windowQuerySchema],
    ['/drift', common.driftQuerySchema],
    ['/figures', common.figuresQuerySchema],
  ])('describes the query of %s', (path, schema) => {
    const { parameters } = parametersSchema.parse(document.paths[path]?.get);
    const named = parameters.map(
      ({ name, $ref }) => name ?? $ref?.split('/').at(-1),
    );
    const { properties } = fieldsOf(
      z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }),
    );
    expect(named.sort()).toEqual(properties);
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
