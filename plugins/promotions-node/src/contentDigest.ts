import { createHash } from 'node:crypto';

/** `sha256:…` of the bytes of a text or file, in its text form. */
export function contentDigest(content: string | Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
