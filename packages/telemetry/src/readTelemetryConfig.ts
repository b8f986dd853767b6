import { type Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { z } from 'zod';

const metricsSchema = z.strictObject({
  // from the environment a number arrives as text
  port: z.coerce.number().int().min(0).max(65_535),
  host: z.string().min(1).default('127.0.0.1'),
});
const tracesSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  headers: z.record(z.string(), z.string()).default({}),
  share: z.coerce.number().min(0).max(1).default(0.1),
});
const telemetrySchema = z.strictObject({
  metrics: metricsSchema.optional(),
  traces: tracesSchema.optional(),
});

/** What the portal tells of itself, and to whom. */
export type TelemetryConfig = z.infer<typeof telemetrySchema>;

/**
 * Reads `portico.telemetry`. Without a port there are no metrics and without an address no
 * traces, whatever else is said about them.
 *
 * @throws InputError that names each key that is wrong and what is expected of it
 */
export function readTelemetryConfig(config: Config): TelemetryConfig {
  const key = 'portico.telemetry';
  const given = config.getOptionalConfig(key);
  const result = telemetrySchema.safeParse({
    ...(given?.get<object>() ?? {}),
    ...(!given?.has('metrics.port') && { metrics: undefined }),
    ...(!given?.has('traces.url') && { traces: undefined }),
  });
  if (!result.success) {
    const reasons = result.error.issues.map(
      issue => `${[key, ...issue.path].join('.')}: ${issue.message}`,
    );
    throw new InputError(
      `The configuration of the telemetry is wrong: ${reasons.join('; ')}`,
    );
  }
  return result.data;
}
