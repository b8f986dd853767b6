import { type Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { z } from 'zod';

const loopback =
  /^nats:\/\/(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/;
const name = /^[A-Za-z0-9_-]{1,64}$/;

const natsSchema = z.strictObject({
  servers: z
    .array(
      z
        .string()
        .refine(url => /^tls:\/\/[^\s/@]+$/.test(url) || loopback.test(url), {
          error:
            'must be tls://host:port without credentials; nats:// is for loopback only',
        }),
    )
    .min(1),
  stream: z.string().regex(name).default('PORTICO'),
  subjectPrefix: z.string().regex(name).default('portico'),
  token: z.string().min(1).optional(),
  user: z.string().min(1).optional(),
  password: z.string().min(1).optional(),
});

/** How to reach NATS, and what things are called there. */
export type NatsConfig = z.infer<typeof natsSchema>;

/**
 * Reads `promotions.nats`; undefined where events go nowhere.
 *
 * @throws InputError that names what is wrong
 */
export function readNatsConfig(config: Config): NatsConfig | undefined {
  const value = config.getOptional('promotions.nats');
  if (value === undefined || value === null) {
    return undefined;
  }
  const result = natsSchema.safeParse(value);
  if (!result.success) {
    throw new InputError(
      `promotions.nats is wrong: ${z.prettifyError(result.error)}`,
    );
  }
  return result.data;
}
