import { repositoryNameSchema } from '@portico/plugin-git-host-common';
import { tenantIdSchema } from '@portico/plugin-tenancy-common';
import { z } from 'zod';
import { componentStatusSchema } from './environment';
import { componentNameSchema, instantSchema } from './names';

/*
 * The HTTP API of the local runtime. JSON over loopback, `authorization: Bearer
 * <PORTICO_RUNTIME_TOKEN>` on every route; errors are `runtimeErrorSchema`.
 *
 * | route                                                          | body or query            | answer                  |
 * | -------------------------------------------------------------- | ------------------------ | ----------------------- |
 * | GET  /v1/state                                                 |                          | runtimeStateSchema      |
 * | POST /v1/hints                                                 | pushHintSchema           | 202, nothing            |
 * | GET  /v1/runs                                                  | runListQuerySchema       | runListSchema           |
 * | GET  /v1/runs/:id                                              |                          | runSchema               |
 * | GET  /v1/runs/:id/log                                          | runLogQuerySchema        | runLogSchema            |
 * | POST /v1/runs/:id/repeat                                       |                          | 202, runSchema (new)    |
 * | GET  /v1/releases                                              | releaseListQuerySchema   | releaseListSchema       |
 * | POST /v1/status                                                | statusQuerySchema        | statusListSchema        |
 * | GET  /v1/components/:tenant/:component                         |                          | componentStatusSchema   |
 * | GET  /v1/components/:tenant/:component/:environment/log        | serviceLogQuerySchema    | serviceLogSchema        |
 * | GET  /v1/components/:tenant/:component/:environment/metrics    |                          | serviceMetricsSchema    |
 * | POST /v1/components/:tenant/:component/:environment/wake       |                          | environmentStatusSchema |
 * | POST /v1/components/:tenant/:component/:environment/restart    |                          | environmentStatusSchema |
 *
 * `repeat` takes a run that ended without a release (409 otherwise, and 409 when its
 * commit is not the head of the branch any more). `wake` and `restart` answer at once,
 * with the state `starting`; `restart` also ends the pause of a crash loop.
 */

/** Body of `POST /v1/hints`: look at this repository now, not at the next scan. */
export const pushHintSchema = z.strictObject({
  tenant: tenantIdSchema,
  repository: repositoryNameSchema,
});
export type PushHint = z.infer<typeof pushHintSchema>;

/** Body of `POST /v1/status`. */
export const statusQuerySchema = z.strictObject({
  components: z
    .array(
      z.strictObject({
        tenant: tenantIdSchema,
        component: componentNameSchema,
      }),
    )
    .max(500),
});
export type StatusQuery = z.infer<typeof statusQuerySchema>;

/**
 * Answer to `POST /v1/status`, in the order of the question. A component of which the
 * runtime knows nothing is left out.
 */
export const statusListSchema = z.object({
  items: z.array(componentStatusSchema),
});
export type StatusList = z.infer<typeof statusListSchema>;

/** Answer to `GET /v1/state`. */
export const runtimeStateSchema = z.object({
  startedAt: instantSchema,
  /** When the last look at all repositories ended. */
  scannedAt: instantSchema.optional(),
  runs: z.object({
    running: z.number().int().nonnegative(),
    queued: z.number().int().nonnegative(),
  }),
  services: z.object({
    /** How many have a process. */
    awake: z.number().int().nonnegative(),
    memoryBytes: z.number().int().nonnegative(),
    memoryLimitBytes: z.number().int().positive(),
    /** A service without a request for so long is put to sleep. */
    idleSeconds: z.number().positive(),
  }),
});
export type RuntimeState = z.infer<typeof runtimeStateSchema>;

/** Every refusal of the runtime, with a status of 400 or more. */
export const runtimeErrorSchema = z.object({
  error: z.object({
    /** `InputError`, `AuthenticationError`, `NotFoundError`, `ConflictError`, … */
    name: z.string(),
    message: z.string(),
  }),
});
export type RuntimeErrorBody = z.infer<typeof runtimeErrorSchema>;
