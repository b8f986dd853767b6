import { z } from 'zod';
import { runtimeStateSchema } from './api';
import { componentStatusSchema } from './environment';

/*
 * The portal's routes for the browser, below `/api/local-runtime`. They name entities;
 * the portal finds tenant and component itself, after it checked that the caller may
 * read the entity. `:entity` is `:kind/:namespace/:name`.
 *
 * | route                                                  | body or query          | answer                      |
 * | ------------------------------------------------------ | ---------------------- | --------------------------- |
 * | GET  /state                                            |                        | portalRuntimeStateSchema    |
 * | POST /status                                           | entityStatusQuerySchema | entityStatusListSchema      |
 * | GET  /entities/:entity/status                          |                        | componentStatusSchema       |
 * | GET  /entities/:entity/runs                            | entityRunsQuerySchema  | runListSchema               |
 * | GET  /entities/:entity/runs/:id                        |                        | runSchema                   |
 * | GET  /entities/:entity/runs/:id/log                    | runLogQuerySchema      | runLogSchema                |
 * | POST /entities/:entity/runs/:id/repeat                 |                        | runSchema                   |
 * | GET  /entities/:entity/environments/:environment/log     | serviceLogQuerySchema  | serviceLogSchema          |
 * | GET  /entities/:entity/environments/:environment/metrics |                        | serviceMetricsSchema      |
 * | POST /entities/:entity/environments/:environment/wake    |                        | environmentStatusSchema   |
 * | POST /entities/:entity/environments/:environment/restart |                        | environmentStatusSchema   |
 */

/** Answer of the portal to `GET /state`. */
export const portalRuntimeStateSchema = z.discriminatedUnion('availability', [
  /** `localRuntime.url` is not configured: the pages hide themselves. */
  z.object({ availability: z.literal('absent') }),
  /** Configured, but does not answer. */
  z.object({ availability: z.literal('unreachable'), message: z.string() }),
  z.object({
    availability: z.literal('available'),
    state: runtimeStateSchema,
  }),
]);
export type PortalRuntimeState = z.infer<typeof portalRuntimeStateSchema>;

/** Body of `POST /status`: many entities at once, for lists. */
export const entityStatusQuerySchema = z.strictObject({
  entityRefs: z.array(z.string().min(1).max(300)).max(200),
});
export type EntityStatusQuery = z.infer<typeof entityStatusQuerySchema>;

/**
 * Answer to `POST /status`. Entities that the caller may not read, that do not exist or
 * of which the runtime knows nothing are left out alike.
 */
export const entityStatusListSchema = z.object({
  items: z.array(
    z.object({ entityRef: z.string(), status: componentStatusSchema }),
  ),
});
export type EntityStatusList = z.infer<typeof entityStatusListSchema>;

/** Query of `GET /entities/:entity/runs`. */
export const entityRunsQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
