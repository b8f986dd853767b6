import { sha256 } from './sha256';

const LEAF = Buffer.from([0]);

/**
 * The hash of an entry, which is its leaf in the Merkle tree as well:
 * SHA-256(0x00 ‖ canonical JSON).
 */
export function entryHash(canonical: string | Uint8Array): Buffer {
  return sha256(
    Buffer.concat([
      LEAF,
      typeof canonical === 'string' ? Buffer.from(canonical) : canonical,
    ]),
  );
}
