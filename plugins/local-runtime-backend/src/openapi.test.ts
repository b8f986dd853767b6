import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { createRouter, type RouterOptions } from './router/createRouter';

const document = z
  .object({
    paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  })
  .parse(
    parse(
      readFileSync(
        resolvePackagePath(
          '@portico/plugin-local-runtime-backend',
          'openapi.yaml',
        ),
        'utf8',
      ),
    ),
  );

const layersSchema = z.array(
  z.object({
    route: z
      .object({ path: z.string(), methods: z.record(z.string(), z.boolean()) })
      .optional(),
  }),
);

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
  expect(routes.length).toBe(11);
  expect(described.sort()).toEqual(routes.sort());
});
