import { z } from 'zod';
import {
  componentRefSchema,
  environmentNameSchema,
  instantSchema,
} from './names';

/** What runs differs from what is declared: how. */
export const driftClassSchema = z.enum([
  'pendingChange',
  'liveDrift',
  'stuckDriftLoop',
  'manualSyncAging',
  'staleVerdict',
  'missing',
  'orphaned',
  'versionSkew',
  'unknown',
]);
export type DriftClass = z.infer<typeof driftClassSchema>;

/** One drift, from when it was first seen until it is over. */
export const driftSchema = z.object({
  id: z.uuid(),
  component: componentRefSchema,
  environment: environmentNameSchema,
  class: driftClassSchema,
  /** `apps/Deployment shop/checkout`; the whole component without. */
  resource: z.string().optional(),
  /** `spec.replicas`. */
  path: z.string().optional(),
  declared: z.string().optional(),
  live: z.string().optional(),
  /** One sentence. */
  reason: z.string(),
  firstSeenAt: instantSchema,
  lastSeenAt: instantSchema,
  resolvedAt: instantSchema.optional(),
  muted: z
    .object({ by: z.string(), until: instantSchema, reason: z.string() })
    .optional(),
  source: z.string(),
  /** Made by the demo, with an injected clock; always resolved. */
  sample: z.boolean(),
});
export type Drift = z.infer<typeof driftSchema>;
