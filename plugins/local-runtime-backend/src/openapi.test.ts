import { OpenApiDocument, routesOf } from '@portico/http-api/testUtils';
import { createRouter, type RouterOptions } from './router/createRouter';

const document = OpenApiDocument.of('@portico/plugin-local-runtime-backend');

it('describes every route and no other', () => {
  // Routes are only listed here, so nothing behind them is needed.
  const routes = routesOf(createRouter({} as RouterOptions));
  expect(routes.length).toBe(11);
  expect(document.operations()).toEqual(routes);
});
