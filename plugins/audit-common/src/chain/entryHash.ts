import { sha256 } from './sha256';

const LEAF = '\0';

/**
 * The hash of an entry, which is its leaf in the Merkle tree as well:
 * SHA-256(0x00 ‖ canonical JSON).
 */
export function entryHash(canonical: string | Uint8Array): Buffer {
  return sha256(
    typeof canonical === 'string'
      ? LEAF + canonical
      : Buffer.concat([Buffer.from(LEAF), canonical]),
  );
}
