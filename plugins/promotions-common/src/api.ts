import { z } from 'zod';
import { boardRowSchema, deploymentSchema } from './deployment';
import { driftSchema } from './drift';
import {
  componentRefSchema,
  digestSchema,
  durationSchema,
  environmentNameSchema,
  gateNameSchema,
  instantSchema,
} from './names';
import { promotionKindSchema, promotionSchema } from './promotion';
import { promotionPhaseSchema } from './promotionPhase';
import { releaseContentSchema, releaseSchema } from './release';
import {
  lineStopSchema,
  windowOccurrenceSchema,
  windowStandingSchema,
} from './window';

/*
 * The routes below `/api/promotions`. Each names components by ref and promotions by id;
 * what is another tenant's answers like what is not there (404).
 *
 * | route                                 | body or query            | answer                    |
 * | ------------------------------------- | ------------------------ | ------------------------- |
 * | GET  /releases                        | releaseQuerySchema       | releaseListSchema         |
 * | POST /releases                        | announceReleaseSchema    | releaseSchema             |
 * | GET  /releases/:id                    |                          | releaseSchema             |
 * | POST /releases/:id/reject             | reasonSchema             | releaseSchema             |
 * | GET  /delivery                        | componentQuerySchema     | deliveryOfComponentSchema |
 * | GET  /board                           | boardQuerySchema         | boardSchema               |
 * | GET  /promotions                      | promotionQuerySchema     | promotionListSchema       |
 * | POST /promotions                      | requestPromotionSchema   | promotionSchema           |
 * | GET  /promotions/:id                  |                          | promotionDetailSchema     |
 * | GET  /promotions/:id/diff             |                          | deploymentDiffSchema      |
 * | POST /promotions/:id/votes            | castVoteSchema           | promotionDetailSchema     |
 * | POST /promotions/:id/cancel           | reasonSchema             | promotionDetailSchema     |
 * | POST /promotions/:id/break-glass      | breakGlassSchema         | promotionDetailSchema     |
 * | POST /promotions/:id/break-glass/confirm |                       | promotionDetailSchema     |
 * | POST /promotions/:id/break-glass/review  | reviewOverrideSchema  | promotionDetailSchema     |
 * | GET  /promotions/:id/rollout          |                          | rolloutOfPromotionSchema  |
 * | POST /promotions/:id/rollout          | steerRolloutSchema       | rolloutOfPromotionSchema  |
 * | GET  /diff                            | diffQuerySchema          | deploymentDiffSchema      |
 * | GET  /deployments                     | deploymentQuerySchema    | deploymentListSchema      |
 * | GET  /windows                         | windowQuerySchema        | windowCalendarSchema      |
 * | POST /stops                           | stopLineSchema           | lineStopSchema            |
 * | POST /stops/:id/lift                  |                          | lineStopSchema            |
 * | POST /holds                           | holdSchema               | { }                       |
 * | POST /holds/release                   | holdSchema               | { }                       |
 * | GET  /drift                           | driftQuerySchema         | driftListSchema           |
 * | POST /drift/:id/mute                  | muteDriftSchema          | driftSchema               |
 * | GET  /figures                         | figuresQuerySchema       | deliveryFiguresSchema     |
 * | GET  /events                          |                          | text/event-stream of deliveryEventSchema |
 */

const cursorSchema = z.string().min(1).max(200).optional();
const limitSchema = z.coerce.number().int().min(1).max(100).default(20);

/** Query of `GET /releases`: newest first. */
export const releaseQuerySchema = z.strictObject({
  component: componentRefSchema,
  cursor: cursorSchema,
  limit: limitSchema,
});
export type ReleaseQuery = z.input<typeof releaseQuerySchema>;

/** A page of releases. */
export const releaseListSchema = z.object({
  items: z.array(releaseSchema),
  nextCursor: z.string().optional(),
});
export type ReleaseList = z.infer<typeof releaseListSchema>;

/** Body of `POST /releases`; the same content again answers with the release that is there. */
export const announceReleaseSchema = z.strictObject({
  content: releaseContentSchema,
  origin: z.url().max(1_000).optional(),
});
export type AnnounceRelease = z.input<typeof announceReleaseSchema>;

/** Why. */
export const reasonSchema = z.strictObject({
  reason: z.string().trim().min(3).max(1_000),
});
export type Reason = z.input<typeof reasonSchema>;

/** Query that names a component. */
export const componentQuerySchema = z.strictObject({
  component: componentRefSchema,
});

/** Query of `GET /board`. */
export const boardQuerySchema = z.strictObject({
  /** Only what this group owns. */
  owner: z.string().max(200).optional(),
  /** Only these; named once for each. */
  component: z
    .union([componentRefSchema, z.array(componentRefSchema).min(1).max(50)])
    .optional(),
  cursor: cursorSchema,
  limit: limitSchema,
});
export type BoardQuery = z.input<typeof boardQuerySchema>;

/** A page of the board, by name of the component. */
export const boardSchema = z.object({
  environments: z.array(environmentNameSchema),
  items: z.array(boardRowSchema),
  nextCursor: z.string().optional(),
});
export type Board = z.infer<typeof boardSchema>;

/** Query of `GET /promotions`: newest first. */
export const promotionQuerySchema = z.strictObject({
  component: componentRefSchema.optional(),
  environment: environmentNameSchema.optional(),
  phase: z.union([promotionPhaseSchema, z.enum(['open', 'ended'])]).optional(),
  /** `true`: only those that the caller could approve now, or has to review. */
  forMe: z.stringbool().optional(),
  cursor: cursorSchema,
  limit: limitSchema,
});
export type PromotionQuery = z.input<typeof promotionQuerySchema>;

/** A page of promotions. */
export const promotionListSchema = z.object({
  items: z.array(
    promotionSchema.extend({
      /** With `forMe`: what for. */
      waitsFor: z.enum(['approval', 'breakGlass', 'review']).optional(),
    }),
  ),
  nextCursor: z.string().optional(),
});
export type PromotionList = z.infer<typeof promotionListSchema>;

/** Body of `POST /promotions`. */
export const requestPromotionSchema = z.strictObject({
  component: componentRefSchema,
  environment: environmentNameSchema,
  release: digestSchema,
  kind: promotionKindSchema.default('promote'),
  comment: z.string().trim().max(2_000).optional(),
  /** The same key again answers with the promotion that it made. */
  key: z.string().min(8).max(200).optional(),
});
export type RequestPromotion = z.input<typeof requestPromotionSchema>;

/** Body of `POST /promotions/:id/votes`: on what was shown, or it is a conflict. */
export const castVoteSchema = z.strictObject({
  decision: z.enum(['approve', 'reject', 'withdraw']),
  subject: digestSchema,
  comment: z.string().trim().max(2_000).optional(),
  /** Name of the rule that the vote is meant for. */
  representing: z.string().max(63).optional(),
});
export type CastVote = z.input<typeof castVoteSchema>;

/** Body of `POST /promotions/:id/break-glass`. */
export const breakGlassSchema = z.strictObject({
  gates: z.array(gateNameSchema).min(1).max(30),
  reason: z.string().trim().min(10).max(2_000),
  ticket: z.string().trim().min(2).max(200),
  /** At most four hours. */
  expiresAfter: durationSchema.default('PT1H'),
});
export type BreakGlass = z.input<typeof breakGlassSchema>;

/** Body of `POST /promotions/:id/break-glass/review`. */
export const reviewOverrideSchema = z.strictObject({
  finding: z.enum(['justified', 'notJustified']),
  comment: z.string().trim().min(3).max(2_000),
});
export type ReviewOverride = z.input<typeof reviewOverrideSchema>;

/** Query of `GET /diff`: between two environments, two releases, or one of each. */
export const diffQuerySchema = z.strictObject({
  component: componentRefSchema,
  /** Name of an environment, or id of a release. */
  from: z.union([environmentNameSchema, digestSchema]),
  to: z.union([environmentNameSchema, digestSchema]),
});
export type DiffQuery = z.input<typeof diffQuerySchema>;

const ownerSchema = z.string().min(1).max(200);

/** Query of `GET /deployments`: newest first. */
export const deploymentQuerySchema = z.strictObject({
  component: componentRefSchema.optional(),
  /** Only of components that one of these owns; named once for each. */
  owner: z.union([ownerSchema, z.array(ownerSchema).min(1).max(50)]).optional(),
  environment: environmentNameSchema.optional(),
  tier: deploymentSchema.shape.tier.optional(),
  cursor: cursorSchema,
  limit: limitSchema,
});
export type DeploymentQuery = z.input<typeof deploymentQuerySchema>;

/** A page of deployments. */
export const deploymentListSchema = z.object({
  items: z.array(deploymentSchema),
  nextCursor: z.string().optional(),
});
export type DeploymentList = z.infer<typeof deploymentListSchema>;

/** Query of `GET /windows`: at most 400 days. */
export const windowQuerySchema = z.strictObject({
  from: instantSchema,
  to: instantSchema,
});
export type WindowQuery = z.input<typeof windowQuerySchema>;

/** Answer to `GET /windows`. */
export const windowCalendarSchema = z.object({
  occurrences: z.array(windowOccurrenceSchema),
  stops: z.array(lineStopSchema),
  now: z.array(
    z.object({
      environment: environmentNameSchema,
      standing: windowStandingSchema,
    }),
  ),
});
export type WindowCalendar = z.infer<typeof windowCalendarSchema>;

/** Body of `POST /stops`. */
export const stopLineSchema = z.strictObject({
  environment: environmentNameSchema.optional(),
  reason: z.string().trim().min(3).max(1_000),
});
export type StopLine = z.input<typeof stopLineSchema>;

/** Body of `POST /holds` and `POST /holds/release`. */
export const holdSchema = z.strictObject({
  component: componentRefSchema,
  environment: environmentNameSchema,
  reason: z.string().trim().min(3).max(1_000),
});
export type Hold = z.input<typeof holdSchema>;

/** Query of `GET /drift`: newest first. */
export const driftQuerySchema = z.strictObject({
  component: componentRefSchema.optional(),
  environment: environmentNameSchema.optional(),
  state: z.enum(['open', 'resolved']).default('open'),
  cursor: cursorSchema,
  limit: limitSchema,
});
export type DriftQuery = z.input<typeof driftQuerySchema>;

/** A page of drift. */
export const driftListSchema = z.object({
  items: z.array(driftSchema),
  nextCursor: z.string().optional(),
});
export type DriftList = z.infer<typeof driftListSchema>;

/** Body of `POST /drift/:id/mute`; at most 90 days. */
export const muteDriftSchema = z.strictObject({
  until: instantSchema,
  reason: z.string().trim().min(3).max(1_000),
});
export type MuteDrift = z.input<typeof muteDriftSchema>;

/** Query of `GET /figures`. */
export const figuresQuerySchema = z.strictObject({
  /** A component or a group of the own tenant; the whole tenant without. */
  scope: z.string().max(300).optional(),
  days: z.coerce.number().int().min(7).max(365).default(30),
  /** Whether the sample history of the demo counts; there is none elsewhere. */
  sample: z.enum(['with', 'without']).default('with'),
});
export type FiguresQuery = z.input<typeof figuresQuerySchema>;

/** What the event stream of a tenant tells: that something changed, never what it is now. */
export const deliveryEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('promotion'),
    id: z.string(),
    component: componentRefSchema,
    environment: environmentNameSchema,
    phase: promotionPhaseSchema,
    revision: z.number().int(),
  }),
  z.object({
    type: z.enum(['release', 'deployment', 'drift', 'stop']),
    component: componentRefSchema.optional(),
  }),
]);
export type DeliveryEvent = z.infer<typeof deliveryEventSchema>;
