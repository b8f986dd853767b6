import { z } from 'zod';
import { durationSchema, environmentNameSchema, instantSchema } from './names';

/**
 * A window that opens or closes environments: a recurrence of RFC 5545 in a time zone.
 * An active `deny` always closes; where there are `allow` windows, one must be active.
 */
export const freezeWindowSchema = z.strictObject({
  name: z.string().min(1).max(100),
  effect: z.enum(['allow', 'deny']),
  /** First beginning, local time of the zone: `2026-12-20T00:00:00`. */
  start: z.iso.datetime({ local: true }).refine(text => !text.endsWith('Z'), {
    error: 'must be a local time without Z, such as 2026-12-20T00:00:00',
  }),
  /** Name of the IANA database, `Europe/Berlin`. */
  timeZone: z.string().min(1).max(64),
  /** How long each occurrence lasts, counted in elapsed time. */
  duration: durationSchema,
  /** `FREQ=WEEKLY;BYDAY=FR`; once without. Without DTSTART, which `start` is. */
  recurrence: z.string().min(6).max(500).optional(),
  reason: z.string().max(500).optional(),
});
export type FreezeWindow = z.infer<typeof freezeWindowSchema>;

/** Whether an environment is closed now; advisory, only the gate decides. */
export const windowStandingSchema = z.object({
  closed: z.boolean(),
  reason: z.string(),
  /** Missing while it is closed: no known end. */
  nextOpen: instantSchema.optional(),
  nextClose: instantSchema.optional(),
});
export type WindowStanding = z.infer<typeof windowStandingSchema>;

/** Stop the line: nothing new begins until somebody lifts it. */
export const lineStopSchema = z.object({
  id: z.uuid(),
  /** `platform` stops all tenants. */
  scope: z.enum(['tenant', 'platform']),
  /** One environment; all of them without. */
  environment: environmentNameSchema.optional(),
  reason: z.string(),
  by: z.string(),
  since: instantSchema,
  lifted: z.object({ by: z.string(), at: instantSchema }).optional(),
});
export type LineStop = z.infer<typeof lineStopSchema>;

/** An occurrence of a window, for the calendar. */
export const windowOccurrenceSchema = z.object({
  window: freezeWindowSchema,
  /** Where it was written: the ref of the pipeline. */
  pipelineRef: z.string(),
  environments: z.array(environmentNameSchema),
  from: instantSchema,
  to: instantSchema,
});
export type WindowOccurrence = z.infer<typeof windowOccurrenceSchema>;
