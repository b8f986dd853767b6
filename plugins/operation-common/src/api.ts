import { z } from 'zod';

/** How a check of the running installation ended; only `failed` needs somebody now. */
export const operationCheckStatusSchema = z.enum(['ok', 'warning', 'failed']);

/** What a check of the running installation found. */
export const operationCheckSchema = z.object({
  /** Such as `database` or `audit relay`. */
  name: z.string(),
  status: operationCheckStatusSchema,
  /** One sentence; no secrets and nothing of a single tenant. */
  found: z.string(),
  /** What to do; absent when all is well. */
  hint: z.string().optional(),
});

/** The answer of `GET /checks`. */
export const operationReportSchema = z.object({
  version: z.string(),
  /** Host name of the replica that looked. */
  replica: z.string(),
  /** When, by the clock of the portal. */
  at: z.iso.datetime(),
  checks: z.array(operationCheckSchema),
});

export type OperationCheckStatus = z.infer<typeof operationCheckStatusSchema>;
export type OperationCheckResult = z.infer<typeof operationCheckSchema>;
export type OperationReport = z.infer<typeof operationReportSchema>;
