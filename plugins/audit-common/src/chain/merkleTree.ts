import { InputError } from '@backstage/errors';
import { sha256 } from './sha256';

const HASH_BYTES = 32;
const NODE = 1;

/** Used again for each node: it is hashed at once, and there are millions of them. */
const node = Buffer.alloc(1 + 2 * HASH_BYTES, NODE);

/** The hash of an inner node of the tree: SHA-256(0x01 ‖ left ‖ right), RFC 9162. */
export function innerHash(left: Uint8Array, right: Uint8Array): Buffer {
  node.set(left, 1);
  node.set(right, 1 + HASH_BYTES);
  return sha256(node);
}

/** The largest power of two below a number; where RFC 9162 splits a tree of that size. */
export function splitOf(size: number): number {
  let split = 1;
  // No shifts: they end at 2^31.
  while (split * 2 < size) {
    split *= 2;
  }
  return split;
}

/** The root of the empty tree. */
export const EMPTY_ROOT = sha256(new Uint8Array());

/**
 * The root over leaf hashes, or over the roots of equally large complete subtrees.
 *
 * @throws InputError for none
 */
export function merkleRoot(hashes: readonly Buffer[]): Buffer {
  if (hashes.length === 0) {
    throw new InputError('A Merkle root needs at least one hash');
  }
  let level = [...hashes];
  while (level.length > 1) {
    const above: Buffer[] = [];
    for (let index = 0; index < level.length; index += 2) {
      // The last one of an odd number moves up as it is: the same tree as RFC 9162's.
      above.push(
        index + 1 < level.length
          ? innerHash(level[index], level[index + 1])
          : level[index],
      );
    }
    level = above;
  }
  return level[0];
}
