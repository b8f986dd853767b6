import { tenantIdSchema } from '@portico/plugin-tenancy-common';
import { z } from 'zod';
import {
  artefactDigestSchema,
  commitIdSchema,
  componentNameSchema,
  environmentNameSchema,
  instantSchema,
} from './names';

/**
 * State of a component in an environment.
 *
 * - `notDeclared`: the deployment repository names no image
 * - `stopped`: it asks for 0 replicas
 * - `sleeping`: nothing runs; the first request to its address starts it
 * - `starting`: runs, but did not answer "ready" yet
 * - `running`: answers "ready"
 * - `unhealthy`: ran, and now does not answer "ready"
 * - `crashing`: ended by itself; is started again after a pause (`retryAt`)
 * - `failed`: cannot be started until something changes: see `reason`
 */
export const environmentStates = [
  'notDeclared',
  'stopped',
  'sleeping',
  'starting',
  'running',
  'unhealthy',
  'crashing',
  'failed',
] as const;
export const environmentStateSchema = z.enum(environmentStates);
export type EnvironmentState = z.infer<typeof environmentStateSchema>;

/** Why an environment is not as it should be. */
export const environmentReasonCodes = [
  'exited',
  'startTimeout',
  'notReady',
  'notAlive',
  'memoryLimit',
  'portConflict',
  'artefactMissing',
  'artefactDamaged',
  'invalidPorticoFile',
  'invalidDeclaration',
  'newRevisionFailed',
  'internal',
] as const;
export const environmentReasonSchema = z.object({
  code: z.enum(environmentReasonCodes),
  /** One sentence: what is wrong, where, what to do. */
  message: z.string(),
});
export type EnvironmentReason = z.infer<typeof environmentReasonSchema>;

/** A revision: what is declared, or what runs. */
export const revisionSchema = z.object({
  digest: artefactDigestSchema,
  /** These are known when the release was made by this runtime. */
  commit: commitIdSchema.optional(),
  version: z.string().optional(),
  /** When the deployment repository named it, or when its process began. */
  since: instantSchema,
});
export type Revision = z.infer<typeof revisionSchema>;

const probeSchema = z.enum(['passing', 'failing', 'unknown']);

/** A component in one environment. */
export const environmentStatusSchema = z.object({
  environment: environmentNameSchema,
  state: environmentStateSchema,
  /** When the state began. */
  since: instantSchema,
  reason: environmentReasonSchema.optional(),
  /** What the deployment repository names. */
  declared: revisionSchema.optional(),
  /** What runs; differs from `declared` while it changes or when it cannot. */
  running: revisionSchema.optional(),
  /** `http://127.0.0.1:<port>`; the same for good, also while it sleeps. */
  address: z.url().optional(),
  /** What the paths of `portico.yaml` last said. */
  health: z.object({
    live: probeSchema,
    ready: probeSchema,
    checkedAt: instantSchema.optional(),
  }),
  /** Bytes in memory of all its processes. */
  memoryBytes: z.number().int().nonnegative().optional(),
  memoryLimitBytes: z.number().int().positive().optional(),
  /** How often it ended by itself since this revision was declared. */
  restarts: z.number().int().nonnegative(),
  /** With `crashing`: when it is started again. */
  retryAt: instantSchema.optional(),
  /** The last request that came to its address. */
  lastRequestAt: instantSchema.optional(),
});
export type EnvironmentStatus = z.infer<typeof environmentStatusSchema>;

/** What the runtime knows about a component. */
export const componentStatusSchema = z.object({
  tenant: tenantIdSchema,
  component: componentNameSchema,
  /** Environments of the deployment repository: dev, staging, prod, others by name. */
  environments: z.array(environmentStatusSchema),
  /** The last run of the repository that it is built from. */
  lastRun: z
    .object({
      id: z.string(),
      state: z.string(),
      commit: commitIdSchema,
      queuedAt: instantSchema,
      endedAt: instantSchema.optional(),
    })
    .optional(),
});
export type ComponentStatus = z.infer<typeof componentStatusSchema>;

/** A line of a running service. */
export const logLineSchema = z.object({
  /** Grows by one with each line of the environment, over restarts as well. */
  number: z.number().int().positive(),
  time: instantSchema,
  /** `runtime` is what the local runtime itself says about the service. */
  source: z.enum(['stdout', 'stderr', 'runtime']),
  /** Cut at 8 KiB. */
  text: z.string(),
});
export type LogLine = z.infer<typeof logLineSchema>;

/** Query of the log of a service. */
export const serviceLogQuerySchema = z.strictObject({
  /** Lines after this number; without it the last ones. */
  after: z.coerce.number().int().nonnegative().optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
});

/** Lines of a service, oldest first. */
export const serviceLogSchema = z.object({
  items: z.array(logLineSchema),
  /** `after` of the next question. */
  cursor: z.number().int().nonnegative(),
});
export type ServiceLog = z.infer<typeof serviceLogSchema>;

/**
 * Figures at one moment. What comes from the service's own metrics is absent where it
 * has none of that name.
 */
export const metricSampleSchema = z.object({
  time: instantSchema,
  /** Bytes in memory of all its processes, as the operating system counts them. */
  memoryBytes: z.number().nonnegative(),
  /** Per second since the sample before (`http_requests_total`). */
  requestsPerSecond: z.number().nonnegative().optional(),
  /** Answers 5xx per second since the sample before. */
  errorsPerSecond: z.number().nonnegative().optional(),
  /**
   * Milliseconds below which 50 % and 95 % of the answers since the sample before were
   * given, estimated from the buckets of `http_request_duration_seconds`.
   */
  latencyMilliseconds: z
    .object({ p50: z.number().nonnegative(), p95: z.number().nonnegative() })
    .optional(),
});
export type MetricSample = z.infer<typeof metricSampleSchema>;

/** Figures of a service while it was awake, oldest first; lost when the runtime ends. */
export const serviceMetricsSchema = z.object({
  /** Seconds between two samples. */
  intervalSeconds: z.number().positive(),
  /** Since the process began. */
  totals: z
    .object({
      requests: z.number().nonnegative(),
      errors: z.number().nonnegative(),
      since: instantSchema,
    })
    .optional(),
  samples: z.array(metricSampleSchema),
});
export type ServiceMetrics = z.infer<typeof serviceMetricsSchema>;
