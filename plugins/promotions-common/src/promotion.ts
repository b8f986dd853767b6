import { z } from 'zod';
import { voteSchema } from './approval';
import { frozenGateSchema, gateResultSchema } from './gate';
import {
  commitIdSchema,
  componentRefSchema,
  digestSchema,
  environmentNameSchema,
  gateNameSchema,
  instantSchema,
  promotionIdSchema,
} from './names';
import { environmentSpecSchema } from './pipeline';
import { promotionEventSchema, promotionPhaseSchema } from './promotionPhase';
import { releaseSchema } from './release';

/** Why a promotion was made. */
export const promotionKindSchema = z.enum(['promote', 'rollback', 'redeploy']);
export type PromotionKind = z.infer<typeof promotionKindSchema>;

/** What a promotion keeps of its pipeline, whatever the pipeline becomes. */
export const frozenStageSchema = z.object({
  /** Refs of the pipelines that it comes from: the platform's, then the tenant's. */
  pipelineRefs: z.array(z.string()).min(1),
  environmentRef: z.string(),
  environment: environmentSpecSchema,
  gates: z.array(frozenGateSchema),
  automatic: z.boolean(),
  strategy: z.enum(['rolling', 'canary', 'blueGreen']),
  /** Left out for `false`, so that the digest of stages from before stays what it was. */
  automaticRollback: z.literal(true).optional(),
  /** Refs of those who changed the gates last; they cannot approve. */
  editors: z.array(z.string()),
});
export type FrozenStage = z.infer<typeof frozenStageSchema>;

/** What is voted on: its digest is the SHA-256 of its canonical JSON. */
export const subjectSchema = z.object({
  /**
   * What it covers. Absent in promotions from before manifests and template were covered;
   * they keep that for as long as they live, so that their votes stay good.
   */
  shape: z.literal(2).optional(),
  release: digestSchema,
  component: componentRefSchema,
  environment: environmentNameSchema,
  kind: promotionKindSchema,
  /**
   * The deployment repository before: the last commit that changed the folder of the files,
   * so that a promotion of one component does not make approvals of all others stale.
   */
  base: commitIdSchema.optional(),
  /** Files as they will be: path and SHA-256 of the content. */
  files: z.array(z.object({ path: z.string(), digest: digestSchema })),
  /** Of `manifestFiles`. */
  manifests: digestSchema.optional(),
  /** Exactly the files that rendering reads, as they will be. */
  manifestFiles: z
    .array(z.object({ path: z.string(), digest: digestSchema }))
    .optional(),
  /** Why nobody can tell which files these are. */
  manifestsUnknown: z.string().optional(),
  /** Of the frozen stage. */
  stage: digestSchema,
  /** Of the template lock in the source of the release, where there is one. */
  template: digestSchema.optional(),
});
export type Subject = z.infer<typeof subjectSchema>;

/** A promotion as lists show it. */
export const promotionSchema = z.object({
  id: promotionIdSchema,
  component: componentRefSchema,
  environment: environmentNameSchema,
  kind: promotionKindSchema,
  release: releaseSchema,
  /** What ran there when it was asked for. */
  before: releaseSchema.pick({ id: true, content: true }).optional(),
  phase: promotionPhaseSchema,
  /** Grows by one with each transition. */
  revision: z.number().int().nonnegative(),
  /** One sentence: why it stands where it stands. */
  reason: z.string(),
  requestedBy: z.string(),
  /** Asked for by the pipeline itself. */
  automatic: z.boolean(),
  requestedAt: instantSchema,
  /** What the requester wrote. */
  comment: z.string().optional(),
  subject: digestSchema.optional(),
  expiresAt: instantSchema,
  endedAt: instantSchema.optional(),
  supersededBy: promotionIdSchema.optional(),
  overridden: z.boolean(),
  sample: z.boolean(),
});
export type Promotion = z.infer<typeof promotionSchema>;

/** One step of a promotion's life; never changed afterwards. */
export const transitionSchema = z.object({
  sequence: z.number().int().positive(),
  from: promotionPhaseSchema.optional(),
  to: promotionPhaseSchema,
  event: z.union([promotionEventSchema, z.literal('request')]),
  reason: z.string(),
  by: z.string(),
  at: instantSchema,
});
export type Transition = z.infer<typeof transitionSchema>;

/** Something done outside, once. */
export const effectSchema = z.object({
  /** SHA-256 of promotion, step and target; the marker that is looked for outside. */
  key: digestSchema,
  step: z.string(),
  kind: z.enum([
    'gitCommit',
    'pullRequest',
    'commitStatus',
    'merge',
    'argocdSync',
    'rollout',
    'notification',
  ]),
  state: z.enum(['planned', 'sent', 'confirmed', 'failed']),
  attempts: z.number().int().nonnegative(),
  /** What it became there, `commit 3f2c…`, and where people see it. */
  remote: z
    .object({
      id: z.string(),
      url: z.string().optional(),
      adopted: z.boolean(),
    })
    .optional(),
  /** Why it waits, or failed. */
  reason: z.string().optional(),
  plannedAt: instantSchema,
  confirmedAt: instantSchema.optional(),
});
export type Effect = z.infer<typeof effectSchema>;

/** Going past gates that say "not yet": named, doubled, short, and reviewed afterwards. */
export const overrideSchema = z.object({
  gates: z.array(gateNameSchema).min(1),
  reason: z.string(),
  ticket: z.string(),
  by: z.string(),
  at: instantSchema,
  expiresAt: instantSchema,
  /** Without a second person it has no effect. */
  confirmed: z.object({ by: z.string(), at: instantSchema }).optional(),
  reviewDueAt: instantSchema,
  review: z
    .object({
      by: z.string(),
      at: instantSchema,
      finding: z.enum(['justified', 'notJustified']),
      comment: z.string(),
    })
    .optional(),
});
export type Override = z.infer<typeof overrideSchema>;

/** How a vote counts now. */
export const voteStandingSchema = z.enum([
  'counts',
  'spare',
  'rejects',
  'stale',
  'replaced',
  'withdrawn',
  'expired',
  'signInTooOld',
  'excluded',
  'notEligible',
]);

/** Everything about one promotion that its page shows. */
export const promotionDetailSchema = z.object({
  promotion: promotionSchema,
  stage: frozenStageSchema,
  subject: subjectSchema.optional(),
  /** What changed since the last subject that somebody voted on; in words. */
  subjectChanges: z.array(z.string()),
  transitions: z.array(transitionSchema),
  /** The newest result of each gate, in the order of the stage. */
  gates: z.array(gateResultSchema),
  /** Approval gates, rule by rule. */
  approvals: z.array(
    z.object({
      gate: gateNameSchema,
      rules: z.array(
        z.object({
          name: z.string(),
          from: z.array(z.string()),
          required: z.number().int(),
          approvedBy: z.array(z.string()),
          missing: z.number().int(),
          mayApprove: z.array(z.string()),
        }),
      ),
    }),
  ),
  votes: z.array(
    voteSchema.extend({
      standing: voteStandingSchema,
      comment: z.string().optional(),
    }),
  ),
  /** Refs of those who cannot approve, and why. */
  excluded: z.array(
    z.object({
      ref: z.string(),
      why: z.enum(['requester', 'author', 'gateEditor']),
    }),
  ),
  effects: z.array(effectSchema),
  overrides: z.array(overrideSchema),
  /** What the caller may do now, and if not, why. */
  may: z.record(
    z.enum([
      'approve',
      'reject',
      'withdraw',
      'cancel',
      'breakGlass',
      'confirmBreakGlass',
      'review',
      'rollBack',
    ]),
    z.object({ allowed: z.boolean(), why: z.string() }),
  ),
});
export type PromotionDetail = z.infer<typeof promotionDetailSchema>;
