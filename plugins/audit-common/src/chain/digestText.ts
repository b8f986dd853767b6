import { InputError } from '@backstage/errors';
import { digestSchema } from '../digest';

const PREFIX = 'sha256:';

/** The text form of a SHA-256 digest: `sha256:` and 64 hexadecimal digits. */
export function digestText(digest: Buffer): string {
  return `${PREFIX}${digest.toString('hex')}`;
}

/**
 * The bytes of a digest in text form.
 *
 * @throws InputError for another form
 */
export function parseDigest(text: string): Buffer {
  if (!digestSchema.safeParse(text).success) {
    throw new InputError(
      `"${text.slice(
        0,
        80,
      )}" is no digest: expected sha256: and 64 hexadecimal digits`,
    );
  }
  return Buffer.from(text.slice(PREFIX.length), 'hex');
}
