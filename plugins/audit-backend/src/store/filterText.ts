import { createHash } from 'crypto';

/** Most bytes of a text that an index of PostgreSQL takes for certain. */
const MAXIMUM_BYTES = 600;

/**
 * A text as the columns keep it that filters look at: itself, or its digest when it is
 * too long for an index or cannot be a text of PostgreSQL. Entries themselves are whole.
 */
export function filterText(text: string): string {
  return text.includes('\0') || Buffer.byteLength(text) > MAXIMUM_BYTES
    ? `sha256:${createHash('sha256').update(text).digest('hex')}`
    : text;
}
