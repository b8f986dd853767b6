import { createHash } from 'node:crypto';

/** `sha256:…` of the bytes of a text file. */
export function fileDigest(content: string): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
