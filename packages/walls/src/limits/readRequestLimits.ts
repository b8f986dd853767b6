import { type Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { z } from 'zod';

const limitSchema = z.strictObject({
  // from the environment a number arrives as text
  requests: z.coerce.number().int().min(1).max(10_000_000),
  seconds: z.coerce.number().int().min(1).max(3_600),
});

const limitsSchema = z.strictObject({
  user: limitSchema.default({ requests: 600, seconds: 20 }),
  tenant: limitSchema.default({ requests: 6_000, seconds: 20 }),
  address: limitSchema.default({ requests: 600, seconds: 20 }),
  atOnce: z.coerce.number().int().min(1).max(10_000).default(8),
  listsAtOnce: z.coerce.number().int().min(1).max(10_000).default(2),
});

/** So many requests in each window of so many seconds. */
export type RequestLimit = z.infer<typeof limitSchema>;

/**
 * The limits of one person or machine, of all of a tenant, and of an address; how many
 * requests of one tenant, and how many lists of all tenants, run at a time in a replica.
 */
export type RequestLimits = z.infer<typeof limitsSchema>;

/**
 * Reads `walls.limits`.
 *
 * @throws InputError that names the key and what is expected of it
 */
export function readRequestLimits(config: Config): RequestLimits {
  const result = limitsSchema.safeParse(
    config.getOptional('walls.limits') ?? {},
  );
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new InputError(
      `The configuration key ${['walls.limits', ...(issue?.path ?? [])].join(
        '.',
      )} is wrong: ${issue?.message}`,
    );
  }
  return result.data;
}
