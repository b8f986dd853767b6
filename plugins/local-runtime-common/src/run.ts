import { repositoryNameSchema } from '@portico/plugin-git-host-common';
import { tenantIdSchema } from '@portico/plugin-tenancy-common';
import { z } from 'zod';
import {
  artefactDigestSchema,
  componentNameSchema,
  instantSchema,
  sourceCommitSchema,
} from './names';

/**
 * State of a run.
 *
 * - `queued`: waits for its turn; the runtime does one run at a time
 * - `running`
 * - `succeeded`: there is a release
 * - `failed`: a step said no, or went over a limit other than time
 * - `timedOut`: a step took longer than its limit and was ended
 * - `superseded`: a newer commit came before its turn, so it was never run
 */
export const runStates = [
  'queued',
  'running',
  'succeeded',
  'failed',
  'timedOut',
  'superseded',
] as const;
export const runStateSchema = z.enum(runStates);
export type RunState = z.infer<typeof runStateSchema>;

/** Steps of a run, in order. */
export const runSteps = [
  'checkout',
  'install',
  'test',
  'build',
  'package',
] as const;
export const runStepSchema = z.enum(runSteps);
export type RunStepName = z.infer<typeof runStepSchema>;

/** Why a run did not succeed. */
export const runReasonCodes = [
  'invalidPorticoFile',
  'componentTaken',
  'missingFile',
  'installFailed',
  'testsFailed',
  'buildFailed',
  'timeLimit',
  'memoryLimit',
  'outputLimit',
  'diskLimit',
  'artefactRefused',
  'superseded',
  'internal',
] as const;

/** Why a run did not succeed: a code for programs, a sentence for people. */
export const runReasonSchema = z.object({
  code: z.enum(runReasonCodes),
  /** One sentence: what was wrong, where, what to do. */
  message: z.string(),
  /** The step in which it happened. */
  step: runStepSchema.optional(),
});
export type RunReason = z.infer<typeof runReasonSchema>;

/** One step of a run. */
export const runStepResultSchema = z.object({
  name: runStepSchema,
  state: z.enum(['pending', 'running', 'succeeded', 'failed', 'skipped']),
  startedAt: instantSchema.optional(),
  endedAt: instantSchema.optional(),
});
export type RunStep = z.infer<typeof runStepResultSchema>;

/** Id of a run: the same commit has the same id, a repetition another attempt. */
export const runIdSchema = z.string().regex(/^[0-9a-f]{24}-[1-9][0-9]{0,3}$/);

/** What was done for one pushed commit of a default branch. */
export const runSchema = z.object({
  id: runIdSchema,
  tenant: tenantIdSchema,
  repository: repositoryNameSchema,
  /** Absent until `portico.yaml` was read, and when it cannot be. */
  component: componentNameSchema.optional(),
  branch: z.string(),
  commit: sourceCommitSchema,
  /** 1 for the first, more when someone asked for it again. */
  attempt: z.number().int().positive(),
  /** How often the runtime ended in the middle of it and began it anew. */
  interruptions: z.number().int().nonnegative(),
  state: runStateSchema,
  reason: runReasonSchema.optional(),
  steps: z.array(runStepResultSchema),
  queuedAt: instantSchema,
  startedAt: instantSchema.optional(),
  endedAt: instantSchema.optional(),
  /** With `succeeded`: what the run made. */
  artefact: z
    .object({
      digest: artefactDigestSchema,
      bytes: z.number().int().nonnegative(),
    })
    .optional(),
});
export type Run = z.infer<typeof runSchema>;

/** Query of `GET /v1/runs`; newest first. */
export const runListQuerySchema = z
  .strictObject({
    tenant: tenantIdSchema,
    /** Runs of the repository that the component is built from. */
    component: componentNameSchema.optional(),
    repository: repositoryNameSchema.optional(),
    limit: z.coerce.number().int().min(1).max(100).default(20),
  })
  .refine(query => !(query.component && query.repository), {
    error: 'takes a component or a repository, not both',
  });
export type RunListQuery = z.infer<typeof runListQuerySchema>;

/** Answer to `GET /v1/runs`. */
export const runListSchema = z.object({ items: z.array(runSchema) });
export type RunList = z.infer<typeof runListSchema>;

/** Query of `GET /v1/runs/:id/log`. */
export const runLogQuerySchema = z.strictObject({
  /** Byte to begin at: `nextOffset` of the answer before. */
  offset: z.coerce.number().int().nonnegative().default(0),
});

/** Answer to `GET /v1/runs/:id/log`: at most 256 KiB at a time. */
export const runLogSchema = z.object({
  text: z.string(),
  /** Where to go on; the same as asked for when there is nothing more yet. */
  nextOffset: z.number().int().nonnegative(),
  /** True when the run has ended and this is the last of it. */
  complete: z.boolean(),
});
export type RunLog = z.infer<typeof runLogSchema>;
