import { z } from 'zod';
import {
  durationMilliseconds,
  durationSchema,
  environmentNameSchema,
  instantSchema,
} from './names';
import {
  beginningsADay,
  parseRecurrence,
  recurrenceProblem,
} from './recurrence';

const LONGEST_DAYS = 400;
const DAY = 24 * 60 * 60 * 1_000;

/**
 * A window that opens or closes environments: a recurrence of RFC 5545 in a time zone.
 * An active `deny` always closes; where there are `allow` windows, one must be active.
 */
export const freezeWindowSchema = z
  .strictObject({
    name: z.string().min(1).max(100),
    effect: z.enum(['allow', 'deny']),
    /** First beginning, local time of the zone: `2026-12-20T00:00:00`. */
    start: z.iso.datetime({ local: true }).refine(text => !text.endsWith('Z'), {
      error: 'must be a local time without Z, such as 2026-12-20T00:00:00',
    }),
    /** Name of the IANA database, `Europe/Berlin`. */
    timeZone: z.string().min(1).max(64).refine(isTimeZone, {
      error: 'must be a time zone of the IANA database, such as Europe/Berlin',
    }),
    /** How long each occurrence lasts, counted in elapsed time. */
    duration: durationSchema,
    /** `FREQ=WEEKLY;BYDAY=FR`; once without. Without DTSTART, which `start` is. */
    recurrence: z
      .string()
      .min(6)
      .max(500)
      .check(({ value, issues }) => {
        const problem = recurrenceProblem(value);
        if (problem) {
          issues.push({ code: 'custom', message: problem, input: value });
        }
      })
      .optional(),
    reason: z.string().max(500).optional(),
  })
  .check(({ value, issues }) => {
    const problem = lengthProblem(value);
    if (problem) {
      issues.push({
        code: 'custom',
        message: problem,
        path: ['duration'],
        input: value.duration,
      });
    }
  });
export type FreezeWindow = z.infer<typeof freezeWindowSchema>;

/** Options of a gate of kind `freeze`. */
export const freezeGateOptionsSchema = z.strictObject({
  /** Without any, the gate only asks whether the line is stopped. */
  windows: z.array(freezeWindowSchema).max(50).default([]),
});
export type FreezeGateOptions = z.infer<typeof freezeGateOptionsSchema>;

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
  /** Who stopped it. Missing where the platform did: tenants do not learn who works there. */
  by: z.string().optional(),
  since: instantSchema,
  lifted: z
    .object({
      /** Missing as above. */
      by: z.string().optional(),
      at: instantSchema,
    })
    .optional(),
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

/** Fixed offsets such as `+01:00` know no summer time, and are no zones of the database. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) {
    return false;
  }
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

/** Looking back for what is active stays cheap, whatever a pipeline says. */
function lengthProblem(window: {
  duration: string;
  recurrence?: string;
}): string | undefined {
  if (!durationSchema.safeParse(window.duration).success) {
    return undefined;
  }
  const length = durationMilliseconds(window.duration);
  if (length === 0 || length > LONGEST_DAYS * DAY) {
    return `must be more than nothing and at most ${LONGEST_DAYS} days`;
  }
  return length > DAY &&
    beginningsADay(parseRecurrence(window.recurrence ?? '')) > 1
    ? 'must be at most a day where the window begins several times a day'
    : undefined;
}
