import {
  fieldsOf,
  OpenApiDocument,
  routesOf,
} from '@portico/http-api/testUtils';
import * as common from '@portico/plugin-promotions-common';
import { z } from 'zod';
import { createRouter } from './router/createRouter';
import { type RouterOptions } from './router/RouterOptions';

const document = OpenApiDocument.of('@portico/plugin-promotions-backend');

describe('openapi.yaml', () => {
  it('describes every route and no other', () => {
    // Routes are only listed here, so nothing behind them is needed.
    const routes = routesOf(createRouter({} as RouterOptions));
    expect(routes.length).toBe(28);
    expect(document.operations()).toEqual(routes);
  });

  it('refers only to what it has, and has nothing that it does not refer to', () => {
    expect(document.version).toMatch(/^3\.1\./);
    expect(document.components()).toEqual(document.references());
  });

  it.each<[string, z.ZodType, 'input' | 'output']>([
    ['AnnounceRelease', common.announceReleaseSchema, 'input'],
    ['RequestPromotion', common.requestPromotionSchema, 'input'],
    ['CastVote', common.castVoteSchema, 'input'],
    ['BreakGlass', common.breakGlassSchema, 'input'],
    ['ReviewOverride', common.reviewOverrideSchema, 'input'],
    ['SteerRollout', common.steerRolloutSchema, 'input'],
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
    ['RolloutOfPromotion', common.rolloutOfPromotionSchema, 'output'],
    ['DeliveryProgress', common.deliveryProgressSchema, 'output'],
    ['RolloutProgress', common.rolloutProgressSchema, 'output'],
    ['RolloutAct', common.rolloutActSchema, 'output'],
    ['Drift', common.driftSchema, 'output'],
    ['DeliveryFigures', common.deliveryFiguresSchema, 'output'],
  ])('describes %s with its fields', (name, schema, io) => {
    expect(fieldsOf(document.schema(name))).toEqual(
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
    const { properties } = fieldsOf(
      z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }),
    );
    expect(document.parametersOf(path)).toEqual(properties);
  });
});
