import { z } from 'zod';

const count = z.number().int().nullish();
const text = z
  .string()
  .nullish()
  .transform(value => value ?? '');

/** One step has one of these; what else there is, is a check of some kind. */
const stepSchema = z.looseObject({
  setWeight: z.number().nullish(),
  pause: z
    .object({ duration: z.union([z.number(), z.string()]).nullish() })
    .nullish(),
});
export type RolloutStep = z.infer<typeof stepSchema>;

/** A `Rollout` of Argo Rollouts as far as its progress and its steering look at it. */
export const rolloutSchema = z.object({
  kind: z.literal('Rollout'),
  metadata: z.object({
    name: z.string(),
    namespace: text,
    generation: count,
    annotations: z.record(z.string(), z.string()).nullish(),
  }),
  spec: z.object({
    paused: z.boolean().nullish(),
    workloadRef: z.looseObject({}).nullish(),
    strategy: z
      .object({
        canary: z
          .object({
            steps: z
              .array(stepSchema)
              .nullish()
              .transform(steps => steps ?? []),
          })
          .nullish(),
        blueGreen: z.looseObject({}).nullish(),
      })
      .nullish(),
  }),
  status: z
    .object({
      abort: z.boolean().nullish(),
      promoteFull: z.boolean().nullish(),
      phase: text,
      message: text,
      currentPodHash: text,
      stableRS: text,
      currentStepIndex: count,
      /** A number in text. */
      observedGeneration: text,
      workloadObservedGeneration: text,
      pauseConditions: z
        .array(z.object({ reason: text, startTime: text }))
        .nullish()
        .transform(conditions => conditions ?? []),
      canary: z
        .object({
          weights: z
            .object({ canary: z.object({ weight: z.number().nullish() }) })
            .nullish(),
        })
        .nullish(),
      blueGreen: z
        .object({ activeSelector: text, previewSelector: text })
        .nullish(),
    })
    .nullish(),
});
export type Rollout = z.infer<typeof rolloutSchema>;

/** The live object, as JSON in text. */
export const resourceSchema = z.object({ manifest: text });
