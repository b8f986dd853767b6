import { z } from 'zod';
import {
  commitIdSchema,
  componentRefSchema,
  digestSchema,
  environmentNameSchema,
  instantSchema,
  promotionIdSchema,
} from './names';
import { promotionSchema } from './promotion';
import { releaseSchema } from './release';
import { windowStandingSchema } from './window';

/** That a release ran in an environment; never changed afterwards. */
export const deploymentSchema = z.object({
  id: z.uuid(),
  component: componentRefSchema,
  environment: environmentNameSchema,
  tier: z.enum(['development', 'test', 'production']),
  /** Undefined when something runs that was never announced. */
  release: digestSchema.optional(),
  version: z.string().optional(),
  /** Commit of the source, where it is known. */
  commit: commitIdSchema.optional(),
  /** Commit of the deployment repository. */
  revision: z.string().optional(),
  result: z.enum(['succeeded', 'failed', 'rolledBack']),
  kind: z.enum(['promote', 'rollback', 'redeploy', 'observed']),
  /** By us, or seen from outside. */
  source: z.enum(['promotion', 'observed']),
  promotion: promotionIdSchema.optional(),
  initiatedBy: z.string(),
  startedAt: instantSchema,
  finishedAt: instantSchema,
  sample: z.boolean(),
});
export type Deployment = z.infer<typeof deploymentSchema>;

/** What an environment says of a component now. */
export const observationSchema = z.object({
  /** `unknown` when nobody answered. */
  health: z.enum([
    'healthy',
    'progressing',
    'degraded',
    'suspended',
    'missing',
    'unknown',
  ]),
  reason: z.string(),
  /** Digests of the images that run. */
  running: z.array(z.object({ name: z.string(), digest: digestSchema })),
  /** Commit of the deployment repository that is live. */
  revision: z.string().optional(),
  /** `local runtime`, `Argo CD main`. */
  source: z.string(),
  observedAt: instantSchema,
  /** Where people look further. */
  url: z.string().optional(),
});
export type Observation = z.infer<typeof observationSchema>;

/** One environment of a component. */
export const laneSchema = z.object({
  environment: environmentNameSchema,
  environmentRef: z.string(),
  tier: z.enum(['development', 'test', 'production']),
  protected: z.boolean(),
  automatic: z.boolean(),
  driver: z.enum(['git', 'argocd', 'local']),
  /** What the last succeeded deployment brought. */
  release: releaseSchema.optional(),
  deployedAt: instantSchema.optional(),
  deployment: deploymentSchema.optional(),
  /** Nothing was deployed here but in the sample history of the demo. */
  sampleOnly: z.boolean().optional(),
  observation: observationSchema.optional(),
  /** Releases of the environment before that are not here yet. */
  behind: z.number().int().nonnegative(),
  /** The promotion that is not over, if any. */
  open: promotionSchema.optional(),
  /** Automation is off since a rollback. */
  hold: z
    .object({ by: z.string(), since: instantSchema, reason: z.string() })
    .optional(),
  window: windowStandingSchema,
  /** Drift that is not over. */
  drift: z.number().int().nonnegative(),
  /** Why nothing can be promoted here, such as a pipeline with an error. */
  problem: z.string().optional(),
});
export type Lane = z.infer<typeof laneSchema>;

/** Where one component is, environment by environment, in their order. */
export const deliveryOfComponentSchema = z.object({
  component: componentRefSchema,
  pipelineRefs: z.array(z.string()),
  lanes: z.array(laneSchema),
  /** Why there are no lanes. */
  problem: z.string().optional(),
});
export type DeliveryOfComponent = z.infer<typeof deliveryOfComponentSchema>;

/** A row of the board: a component, and each environment in short. */
export const boardRowSchema = z.object({
  component: componentRefSchema,
  owner: z.string().optional(),
  cells: z.array(
    z.object({
      environment: environmentNameSchema,
      version: z.string().optional(),
      deployedAt: instantSchema.optional(),
      behind: z.number().int().nonnegative(),
      phase: promotionSchema.shape.phase.optional(),
      promotion: promotionIdSchema.optional(),
      /** Nothing was deployed here but in the sample history of the demo. */
      sampleOnly: z.boolean().optional(),
      health: observationSchema.shape.health,
      /** What the health is known from, and why it is so; absent where nobody was asked. */
      observed: observationSchema
        .pick({ source: true, reason: true, observedAt: true })
        .optional(),
      drift: z.number().int().nonnegative(),
      held: z.boolean(),
    }),
  ),
});
export type BoardRow = z.infer<typeof boardRowSchema>;
