import { hash } from 'node:crypto';

/** SHA-256 of bytes, or of the UTF-8 form of a text. */
export function sha256(data: Uint8Array | string): Buffer {
  // By way of a text: Node makes a buffer of the digest in three times the time.
  return Buffer.from(hash('sha256', data, 'binary'), 'binary');
}
