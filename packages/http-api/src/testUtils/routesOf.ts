import { z } from 'zod';

const layersSchema = z.array(
  z.object({
    route: z
      .object({ path: z.string(), methods: z.record(z.string(), z.boolean()) })
      .optional(),
  }),
);

/** Each route of an Express router as OpenAPI writes it, such as `get /grants/{id}`; sorted. */
export function routesOf(router: { stack: unknown }): string[] {
  return layersSchema
    .parse(router.stack)
    .flatMap(({ route }) =>
      Object.keys(route?.methods ?? {}).map(
        method => `${method} ${route?.path.replace(/:(\w+)/g, '{$1}')}`,
      ),
    )
    .sort();
}
