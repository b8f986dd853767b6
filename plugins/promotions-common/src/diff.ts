import { z } from 'zod';
import { commitIdSchema, digestSchema, instantSchema } from './names';

/** How a change should be looked at. */
export const riskSchema = z.object({
  severity: z.enum(['low', 'medium', 'high']),
  kind: z.enum([
    'replicas',
    'resources',
    'rbac',
    'network',
    'ingress',
    'volumes',
    'secrets',
    'securityContext',
    'crd',
    'deletion',
    'imageNotByDigest',
  ]),
  /** One sentence, `Replicas of Deployment checkout go from 3 to 1`. */
  text: z.string(),
  /** `apps/Deployment shop/checkout` and the path of the field. */
  resource: z.string().optional(),
  path: z.string().optional(),
});
export type Risk = z.infer<typeof riskSchema>;

/** A commit between two releases. */
export const diffCommitSchema = z.object({
  id: commitIdSchema,
  subject: z.string(),
  authorName: z.string(),
  authorEmail: z.string().optional(),
  /** Ref of the member with this address, if one has it. */
  authorRef: z.string().optional(),
  committedAt: instantSchema,
  /** `SHOP-12`, from subject and trailers. */
  tickets: z.array(z.string()),
  pullRequest: z.object({ id: z.string(), url: z.string() }).optional(),
});

/** One changed file or object as lines. */
export const textDiffSchema = z.object({
  /** Path, or `apps/Deployment shop/checkout`. */
  name: z.string(),
  change: z.enum(['added', 'removed', 'changed']),
  lines: z.array(
    z.object({
      kind: z.enum(['same', 'added', 'removed', 'gap']),
      /** Number of the line before and after; absent where it has none. */
      before: z.number().int().positive().optional(),
      after: z.number().int().positive().optional(),
      /** Secrets are replaced; a gap says how many lines it stands for. */
      text: z.string(),
    }),
  ),
  /** Lines were left out because there are too many. */
  cut: z.boolean(),
});
export type TextDiff = z.infer<typeof textDiffSchema>;

/** In numbers, for lists. */
export const diffSummarySchema = z.object({
  images: z.number().int().nonnegative(),
  commits: z.number().int().nonnegative(),
  objects: z.number().int().nonnegative(),
  added: z.number().int().nonnegative(),
  removed: z.number().int().nonnegative(),
  risks: z.array(riskSchema),
});
export type DiffSummary = z.infer<typeof diffSummarySchema>;

/** Everything that would change. */
export const deploymentDiffSchema = z.object({
  images: z.array(
    z.object({
      name: z.string(),
      before: digestSchema.optional(),
      after: digestSchema.optional(),
      versionBefore: z.string().optional(),
      versionAfter: z.string().optional(),
    }),
  ),
  commits: z.object({
    items: z.array(diffCommitSchema),
    /** Why the list is empty or not whole. */
    note: z.string().optional(),
    /** The new release is older: these are taken back. */
    reversed: z.boolean(),
  }),
  manifests: z.object({
    /** By which tool, or `files` when they could not be rendered. */
    rendered: z.enum(['kustomize', 'helm', 'files']),
    /** Why they are not rendered. */
    note: z.string().optional(),
    items: z.array(textDiffSchema),
  }),
  risks: z.array(riskSchema),
  /** Monthly cost by resource requests; an estimate, and says from what. */
  cost: z
    .object({
      before: z.number(),
      after: z.number(),
      currency: z.string(),
      source: z.string(),
    })
    .optional(),
  summary: diffSummarySchema,
});
export type DeploymentDiff = z.infer<typeof deploymentDiffSchema>;
