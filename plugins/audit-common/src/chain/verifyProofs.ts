import { innerHash } from './merkleTree';

/**
 * Tells whether a proof shows that a leaf is in a tree (RFC 9162, 2.1.3.2).
 */
export function verifyInclusion(options: {
  /** From 0: an entry's sequence less one. */
  index: number;
  size: number;
  leaf: Buffer;
  path: readonly Buffer[];
  root: Buffer;
}): boolean {
  const { index, size, leaf, path, root } = options;
  if (!isCount(index) || !isCount(size) || index >= size) {
    return false;
  }
  let node = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of path) {
    if (last === 0) {
      return false;
    }
    if (isOdd(node) || node === last) {
      hash = innerHash(sibling, hash);
      // The right edge moves up as it is until it is somebody's right side.
      while (!isOdd(node) && node !== 0) {
        node /= 2;
        last = half(last);
      }
    } else {
      hash = innerHash(hash, sibling);
    }
    node = half(node);
    last = half(last);
  }
  return last === 0 && hash.equals(root);
}

/**
 * Tells whether a proof shows that one tree is the beginning of another
 * (RFC 9162, 2.1.4.2).
 */
export function verifyConsistency(options: {
  from: { size: number; root: Buffer };
  to: { size: number; root: Buffer };
  proof: readonly Buffer[];
}): boolean {
  const { from, to, proof } = options;
  if (!isCount(from.size) || !isCount(to.size) || from.size < 1) {
    return false;
  }
  if (from.size >= to.size) {
    return (
      from.size === to.size && proof.length === 0 && from.root.equals(to.root)
    );
  }
  let node = from.size - 1;
  let last = to.size - 1;
  while (isOdd(node)) {
    node = half(node);
    last = half(last);
  }
  // A complete older tree is a node of the newer one, and is not repeated in the proof.
  const [first, ...rest] = node === 0 ? [from.root, ...proof] : proof;
  if (!first) {
    return false;
  }
  let older = first;
  let newer = first;
  for (const sibling of rest) {
    if (last === 0) {
      return false;
    }
    if (isOdd(node) || node === last) {
      older = innerHash(sibling, older);
      newer = innerHash(sibling, newer);
      while (!isOdd(node) && node !== 0) {
        node /= 2;
        last = half(last);
      }
    } else {
      newer = innerHash(newer, sibling);
    }
    node = half(node);
    last = half(last);
  }
  return last === 0 && older.equals(from.root) && newer.equals(to.root);
}

// No bit operations: they end at 2^31.
function isOdd(value: number): boolean {
  return value % 2 === 1;
}

function half(value: number): number {
  return Math.floor(value / 2);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
