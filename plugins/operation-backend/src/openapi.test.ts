import {
  fieldsOf,
  OpenApiDocument,
  routesOf,
} from '@portico/http-api/testUtils';
import {
  operationCheckSchema,
  operationReportSchema,
} from '@portico/plugin-operation-common';
import { z } from 'zod';
import { createRouter, type RouterOptions } from './router/createRouter';

const document = OpenApiDocument.of('@portico/plugin-operation-backend');

describe('openapi.yaml', () => {
  it('describes every route and no other', () => {
    // Routes are only listed here, so nothing behind them is needed.
    const routes = routesOf(createRouter({} as RouterOptions));
    expect(routes.length).toBe(1);
    expect(document.operations()).toEqual(routes);
    expect(document.components()).toEqual(document.references());
  });

  it.each([
    ['OperationReport', operationReportSchema],
    ['OperationCheck', operationCheckSchema],
  ])('describes %s with the fields that are sent', (name, schema) => {
    expect(fieldsOf(document.schema(name))).toEqual(
      fieldsOf(z.toJSONSchema(schema, { io: 'input' })),
    );
  });
});
