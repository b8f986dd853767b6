import { type Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { z } from 'zod';
import { type PorticoDatabaseConnection } from './createPorticoDatabase';

const connectionSchema = z.strictObject({
  host: z.string().min(1),
  // from the environment a number arrives as text
  port: z.coerce.number().int().min(1).max(65_535).default(5432),
  database: z.string().min(1),
  user: z.string().min(1),
  password: z.string().min(1),
  ssl: z
    .union([
      z.boolean(),
      z
        .object({
          require: z.boolean().optional(),
          rejectUnauthorized: z.boolean().optional(),
          ca: z.string().optional(),
        })
        .transform(({ require: required, ...tls }) =>
          required === false ? false : tls,
        ),
    ])
    .optional(),
});

/**
 * Reads how Portico's own plugins reach the database.
 *
 * @throws InputError that names the key and what is expected of it
 */
export function readPorticoDatabaseConnection(
  config: Config,
): PorticoDatabaseConnection {
  return readConnection(config, 'portico.database.connection');
}

/**
 * Reads how the workers reach the job queue: the login `portico_jobs`.
 *
 * @throws InputError that names the key and what is expected of it
 */
export function readPorticoJobsConnection(
  config: Config,
): PorticoDatabaseConnection {
  return readConnection(config, 'portico.jobs.connection');
}

function readConnection(
  config: Config,
  key: string,
): PorticoDatabaseConnection {
  const result = connectionSchema.safeParse(config.getOptional(key));
  if (!result.success) {
    const reasons = result.error.issues.map(
      issue => `${[key, ...issue.path].join('.')}: ${issue.message}`,
    );
    throw new InputError(
      `The configuration of Portico's database is wrong: ${reasons.join('; ')}`,
    );
  }
  return result.data;
}
