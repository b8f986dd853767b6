import { z } from 'zod';
import { instantSchema } from './names';

/** A figure with how many things it is made of. Without a value there is not enough. */
export const figureSchema = z.object({
  value: z.number().optional(),
  unit: z.enum(['perWeek', 'hours', 'percent']),
  n: z.number().int().nonnegative(),
  /** Why there is no value, or what the value leaves out. */
  note: z.string().optional(),
  /** The same figure of the window before. */
  before: z.number().optional(),
  /**
   * Of a group or tenant: `value` is over all deployments together, this is the median of
   * the components that have a value of their own.
   */
  medianOfComponents: z.number().optional(),
  /** By the thresholds of the DORA research. */
  level: z.enum(['elite', 'medium', 'low']).optional(),
});
export type Figure = z.infer<typeof figureSchema>;

/** The four figures of delivery over deployments to production. */
export const deliveryFiguresSchema = z.object({
  /** `component:…`, `group:…`, or `tenant:<id>`. */
  scope: z.string(),
  from: instantSchema,
  to: instantSchema,
  deploymentFrequency: figureSchema,
  leadTime: figureSchema,
  changeFailureRate: figureSchema,
  timeToRestore: figureSchema,
  /** Days in UTC with how many deployments succeeded and failed. */
  days: z.array(
    z.object({
      day: z.iso.date(),
      succeeded: z.number().int().nonnegative(),
      failed: z.number().int().nonnegative(),
    }),
  ),
  /** Whether any of it is sample data. */
  sample: z.boolean(),
});
export type DeliveryFigures = z.infer<typeof deliveryFiguresSchema>;
