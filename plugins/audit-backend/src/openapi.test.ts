import {
  fieldsOf,
  OpenApiDocument,
  routesOf,
} from '@portico/http-api/testUtils';
import * as common from '@portico/plugin-audit-common';
import { z } from 'zod';
import { createRouter } from './router/createRouter';
import { type RouterOptions } from './router/RouterOptions';

const document = OpenApiDocument.of('@portico/plugin-audit-backend');

describe('openapi.yaml', () => {
  it('describes every route and no other', () => {
    // Routes are only listed here, so nothing behind them is needed.
    const options: Partial<RouterOptions> = {};
    const routes = routesOf(createRouter(options as RouterOptions));
    expect(routes.length).toBe(11);
    expect(document.operations()).toEqual(routes);
  });

  it('refers only to what it has, and has nothing that it does not refer to', () => {
    expect(document.version).toMatch(/^3\.1\./);
    expect(document.components()).toEqual(document.references());
  });

  it.each([
    ['/entries', ['cursor', 'limit']],
    ['/export', ['format']],
    ['/tail', ['Last-Event-ID']],
  ])('describes each filter of %s', (path, others) => {
    expect(document.parametersOf(path)).toEqual(
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
    expect(fieldsOf(document.schema(name))).toEqual(
      fieldsOf(z.toJSONSchema(schema, { io: 'input' })),
    );
  });
});
