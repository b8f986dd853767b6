import { z } from 'zod';
import { instantSchema } from './names';

/** What people can do with a rollout that is under way. */
export const rolloutActionSchema = z.enum([
  /** It stays where it is. */
  'pause',
  /** It goes on past the pause that was seen. */
  'promote',
  /** It leaves out everything that is left, and brings the new to all. */
  'promoteFully',
  /** Back to what ran before. */
  'abort',
]);
export type RolloutAction = z.infer<typeof rolloutActionSchema>;

/** Whether an action lets more of the new in, which the gates have to allow. */
export function letsMoreIn(action: RolloutAction): boolean {
  return action === 'promote' || action === 'promoteFully';
}

/** Where a rollout was when somebody looked: what is asked for holds for this only. */
export const rolloutPositionSchema = z.strictObject({
  /** Hash of what is rolled out. */
  pods: z.string().min(1).max(63),
  /** Steps of a canary that are done. */
  step: z.number().int().min(0).max(1_000).optional(),
});
export type RolloutPosition = z.infer<typeof rolloutPositionSchema>;

/** How far one rollout is, as its controller says. */
export const rolloutProgressSchema = z.object({
  /** `shop/checkout`: namespace and name. */
  name: z.string(),
  strategy: z.enum(['canary', 'blueGreen']),
  state: z.enum(['progressing', 'paused', 'healthy', 'degraded', 'aborted']),
  /** One sentence for people. */
  reason: z.string(),
  /** Missing until its controller has seen it. */
  position: rolloutPositionSchema.optional(),
  /** Steps of a canary, in order, in words such as `20 %` or `pause 10m`. */
  steps: z.array(z.string()),
  /** Percent of the requests, or else of the pods, that the new gets. */
  weight: z.number().min(0).max(100).optional(),
  pausedSince: instantSchema.optional(),
  /** When a pause is over by itself; a pause without waits for people. */
  pausedUntil: instantSchema.optional(),
  /** Hashes of what gets the requests, and of what is shown beside it. */
  blueGreen: z
    .object({ active: z.string(), preview: z.string() })
    .partial()
    .optional(),
});
export type RolloutProgress = z.infer<typeof rolloutProgressSchema>;

/** What Argo CD itself lets in, beside the freezes of the pipeline. */
export const syncWindowsStandingSchema = z.object({
  open: z.boolean(),
  reason: z.string(),
  windows: z.array(
    z.object({
      kind: z.enum(['allow', 'deny']),
      /** In the notation of cron, in the time zone of the window. */
      schedule: z.string(),
      duration: z.string(),
      active: z.boolean(),
      /** A sync by hand goes through a closed one. */
      manualSync: z.boolean(),
    }),
  ),
});
export type SyncWindowsStanding = z.infer<typeof syncWindowsStandingSchema>;

/** How what a promotion declared comes to run. */
export const deliveryProgressSchema = z.object({
  /** `Argo CD main`. */
  source: z.string(),
  observedAt: instantSchema,
  /** Where people look further. */
  url: z.string().optional(),
  /** Why nothing, or not all, can be told. */
  problem: z.string().optional(),
  rollouts: z.array(rolloutProgressSchema),
  windows: syncWindowsStandingSchema.optional(),
});
export type DeliveryProgress = z.infer<typeof deliveryProgressSchema>;

/** Something that a person asked of a rollout, and what became of it. */
export const rolloutActSchema = z.object({
  id: z.uuid(),
  action: rolloutActionSchema,
  rollout: z.string(),
  reason: z.string(),
  by: z.string(),
  at: instantSchema,
  /** `lapsed`: the promotion was over before it was done. */
  state: z.enum(['asked', 'done', 'refused', 'unanswered', 'lapsed']),
  outcome: z.string().optional(),
  endedAt: instantSchema.optional(),
});
export type RolloutAct = z.infer<typeof rolloutActSchema>;

/** Answer to `GET /promotions/:id/rollout`. */
export const rolloutOfPromotionSchema = z.object({
  /** Missing where the driver of the environment has nothing to tell. */
  progress: deliveryProgressSchema.optional(),
  /** Oldest first, at most 50. */
  acts: z.array(rolloutActSchema),
  /** Whether the caller may ask for something now, and if not, why. */
  maySteer: z.object({ allowed: z.boolean(), why: z.string() }),
});
export type RolloutOfPromotion = z.infer<typeof rolloutOfPromotionSchema>;

/** Body of `POST /promotions/:id/rollout`. */
export const steerRolloutSchema = z.strictObject({
  action: rolloutActionSchema,
  rollout: z
    .string()
    .max(320)
    .regex(
      /^[a-z0-9][a-z0-9.-]*\/[a-z0-9][a-z0-9.-]*$/,
      'must be the namespace and the name of a rollout, as in shop/checkout',
    ),
  /** What was shown: where the rollout is elsewhere by now, nothing is done. */
  seen: rolloutPositionSchema,
  reason: z.string().trim().min(3).max(1_000),
});
export type SteerRollout = z.input<typeof steerRolloutSchema>;
