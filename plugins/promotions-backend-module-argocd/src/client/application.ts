import { z } from 'zod';

/** Go writes `null` for an empty list. */
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform(items => items ?? []);
const text = z
  .string()
  .nullish()
  .transform(value => value ?? '');

const infoSchema = z.object({ name: text, value: text });

const operationSchema = z.object({
  info: list(infoSchema),
  initiatedBy: z
    .object({ username: text, automated: z.boolean().nullish() })
    .nullish(),
  sync: z.object({ revision: text, revisions: list(z.string()) }).nullish(),
});
export type Operation = z.infer<typeof operationSchema>;

const resultSchema = z.object({
  revision: text,
  revisions: list(z.string()),
  /** What became of each thing that was synced. */
  resources: list(
    z.object({
      kind: text,
      namespace: text,
      name: text,
      status: text,
      hookPhase: text,
      message: text,
    }),
  ),
});

const resourceSchema = z.object({
  group: text,
  kind: text,
  namespace: text,
  name: text,
  /** Not set for hooks. */
  status: text,
  health: z.object({ status: text, message: text }).nullish(),
  requiresPruning: z.boolean().nullish(),
});
export type ApplicationResource = z.infer<typeof resourceSchema>;

/** An application as far as the driver looks at it. */
export const applicationSchema = z.object({
  metadata: z.object({ name: z.string(), namespace: text }),
  spec: z.object({
    project: z.string(),
    syncPolicy: z
      .object({
        automated: z.object({ enabled: z.boolean().nullish() }).nullish(),
      })
      .nullish(),
  }),
  /** Asked for, and not begun yet. */
  operation: operationSchema.nullish(),
  status: z
    .object({
      sync: z
        .object({ status: text, revision: text, revisions: list(z.string()) })
        .nullish(),
      health: z.object({ status: text, message: text }).nullish(),
      operationState: z
        .object({
          phase: text,
          message: text,
          startedAt: text,
          finishedAt: text,
          operation: operationSchema.nullish(),
          syncResult: resultSchema.nullish(),
        })
        .nullish(),
      summary: z.object({ images: list(z.string()) }).nullish(),
      resources: list(resourceSchema),
      conditions: list(z.object({ type: text, message: text })),
      reconciledAt: text,
    })
    .nullish(),
});
export type Application = z.infer<typeof applicationSchema>;

const syncWindowSchema = z.object({
  kind: text,
  schedule: text,
  duration: text,
  manualSync: z.boolean().nullish(),
});

/** Windows of an application's project. */
export const syncWindowsSchema = z.object({
  activeWindows: list(syncWindowSchema),
  assignedWindows: list(syncWindowSchema),
  canSync: z
    .boolean()
    .nullish()
    .transform(value => value ?? false),
});
export type SyncWindows = z.infer<typeof syncWindowsSchema>;

/** Each object as declared and as it is, as JSON in text. */
export const managedResourcesSchema = z.object({
  items: list(
    z.object({
      group: text,
      kind: text,
      namespace: text,
      name: text,
      targetState: text,
      normalizedLiveState: text,
      predictedLiveState: text,
      hook: z.boolean().nullish(),
    }),
  ),
});
export type ManagedResources = z.infer<typeof managedResourcesSchema>;

/** What Argo CD answers instead. */
export const errorSchema = z.object({
  error: text,
  code: z.number().nullish(),
  message: text,
});
