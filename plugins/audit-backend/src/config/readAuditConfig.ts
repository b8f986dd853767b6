import { type Config, readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';
import { chainSchema } from '@portico/plugin-audit-common';
import { z } from 'zod';

/** Days that an entry is kept at least; the database refuses less as well. */
export const MINIMUM_RETENTION_DAYS = 30;

const destinationName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be words of a-z, 0-9 and "-"');

/** Without user and password: those are keys of their own, and are never shown. */
function address(protocols: readonly string[]) {
  return z.string().refine(text => {
    const url = URL.parse(text);
    return (
      url !== null &&
      protocols.includes(url.protocol) &&
      !url.username &&
      !url.password
    );
  }, `must be a URL that starts with ${protocols.join(' or ')} and carries neither user nor password`);
}

const destinationSchema = z.discriminatedUnion('type', [
  z.strictObject({
    name: destinationName,
    type: z.literal('file'),
    directory: z.string().min(1),
  }),
  z
    .strictObject({
      name: destinationName,
      type: z.literal('s3'),
      bucket: z.string().min(3).max(63),
      prefix: z
        .string()
        .max(500)
        .regex(/^(?!.*\.\.)[\w.-]+(\/[\w.-]+)*$/, 'must be names joined by "/"')
        .optional(),
      region: z.string().min(1).default('us-east-1'),
      endpoint: address(['https:', 'http:']).optional(),
      forcePathStyle: z.boolean().default(false),
      accessKeyId: z.string().min(1).optional(),
      secretAccessKey: z.string().min(1).optional(),
    })
    .refine(
      ({ accessKeyId, secretAccessKey }) => !accessKeyId === !secretAccessKey,
      'accessKeyId and secretAccessKey come together',
    ),
  z
    .strictObject({
      name: destinationName,
      type: z.literal('git'),
      url: address(['https:', 'http:', 'file:']),
      branch: z
        .string()
        .max(200)
        .regex(
          /^(?!.*\.\.)[A-Za-z0-9][\w./-]*$/,
          'must be the name of a branch',
        )
        .default('main'),
      username: z.string().min(1).optional(),
      password: z.string().min(1).optional(),
    })
    .refine(
      ({ username, password }) => !username === !password,
      'username and password come together',
    ),
]);

/** A place outside of the database that keeps checkpoints. */
export type DestinationConfig = z.infer<typeof destinationSchema>;

const days = z
  .number()
  .int()
  .min(
    MINIMUM_RETENTION_DAYS,
    `must be ${MINIMUM_RETENTION_DAYS} or more: younger entries are always kept`,
  );

const configSchema = z.object({
  origin: z
    .string()
    .regex(
      /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:\d{1,5})?$/,
      'must be a host name, such as portico.example.com',
    )
    .optional(),
  signingKeys: z
    .array(
      z.string().refine(text => {
        const seed = Buffer.from(text, 'base64');
        return seed.length === 32 && seed.toString('base64') === text.trim();
      }, 'must be the Base64 text of 32 random bytes'),
    )
    .min(1, 'needs a first key'),
  checkpoints: z
    .object({
      everyEntries: z.number().int().min(1).max(1_000_000).default(1_000),
      destinations: z
        .array(destinationSchema)
        .max(20)
        .default([])
        .refine(
          list => new Set(list.map(({ name }) => name)).size === list.length,
          'must have different names',
        ),
    })
    .prefault({}),
  retention: z
    .object({
      days: days.optional(),
      tenants: z.record(chainSchema, z.object({ days })).default({}),
    })
    .prefault({}),
});

/** What the audit is told in the configuration. */
export interface AuditConfig {
  /** First part of the first line of each checkpoint, and name of the keys. */
  origin: string;
  /** Ed25519 seeds in Base64; the first signs. */
  signingKeys: string[];
  checkpoints: {
    everyEntries: number;
    everyMilliseconds: number;
    destinations: DestinationConfig[];
  };
  retention: AuditRetention;
}

/** How long entries are kept; for ever where nothing is said. */
export interface AuditRetention {
  days?: number;
  tenants: Record<string, { days: number }>;
}

/**
 * Reads the configuration of the audit.
 *
 * @throws InputError that names the key and what is expected of it; never its value
 */
export function readAuditConfig(config: Config): AuditConfig {
  const audit = config.getOptionalConfig('audit');
  if (!audit?.has('signingKeys')) {
    throw new InputError(
      'The audit has no key to sign checkpoints with: set audit.signingKeys to a list with the Base64 text of 32 random bytes',
    );
  }
  const result = configSchema.safeParse(audit.get());
  if (!result.success) {
    const reasons = result.error.issues.map(
      ({ path, message }) => `${['audit', ...path].join('.')}: ${message}`,
    );
    throw new InputError(
      `The configuration of the audit is wrong: ${reasons.join('; ')}`,
    );
  }
  const { checkpoints, retention, signingKeys, origin } = result.data;
  const every = audit.has('checkpoints.every')
    ? readDurationFromConfig(audit, { key: 'checkpoints.every' })
    : { minutes: 5 };
  const everyMilliseconds = durationToMilliseconds(every);
  if (!(everyMilliseconds >= 1_000)) {
    throw new InputError(
      'The configuration of the audit is wrong: audit.checkpoints.every: must be a second or more',
    );
  }
  return {
    origin: origin ?? new URL(config.getString('app.baseUrl')).host,
    signingKeys,
    checkpoints: { ...checkpoints, everyMilliseconds },
    retention,
  };
}

/** Days that the entries of a chain are kept; for ever without. */
export function retentionDays(
  retention: AuditRetention,
  chain: string,
): number | undefined {
  return retention.tenants[chain]?.days ?? retention.days;
}
