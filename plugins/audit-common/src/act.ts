import { z } from 'zod';

/** How much an act matters, least first. */
export const auditSeverities = ['low', 'medium', 'high', 'critical'] as const;
export const auditSeveritySchema = z.enum(auditSeverities);
export type AuditSeverity = z.infer<typeof auditSeveritySchema>;

/**
 * What became of an act.
 *
 * - `started`: about to be done; an entry with the same `correlation` tells the end
 * - `succeeded`: done, in the same transaction as the entry
 * - `failed`: tried, and could not be done
 * - `refused`: not allowed
 */
export const auditOutcomes = [
  'started',
  'succeeded',
  'failed',
  'refused',
] as const;
export const auditOutcomeSchema = z.enum(auditOutcomes);
export type AuditOutcome = z.infer<typeof auditOutcomeSchema>;

/** `<plugin>.<noun>.<verb>`, such as `tenancy.member.add`. */
export const actNameSchema = z
  .string()
  .max(100)
  .regex(
    /^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*){1,3}$/,
    'must be words of a-z, 0-9 and "-", joined by dots',
  );

/**
 * A kind of act that is recorded. The list of them is the table in `docs/audit.md`.
 */
export interface AuditAct {
  /** `<plugin>.<noun>.<verb>`. */
  name: string;
  severity: AuditSeverity;
  /** One sentence: when an entry is written. */
  when: string;
  /** What an entry carries beside actor, subject and outcome. */
  fields: readonly string[];
}
