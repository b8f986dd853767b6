import { InputError } from '@backstage/errors';
import { innerHash, splitOf } from './merkleTree';

/**
 * Gives the root of a complete subtree: of 2^level leaves, the index-th of its level,
 * from 0. Level 0 are the leaf hashes.
 */
export type NodeHash = (
  level: number,
  index: number,
) => Buffer | Promise<Buffer>;

/**
 * The proof that a leaf is in the tree of some size (RFC 9162, 2.1.3.1).
 *
 * @param index - from 0: an entry's sequence less one
 * @throws InputError when the tree has no such leaf
 */
export async function inclusionPath(
  index: number,
  size: number,
  nodeHash: NodeHash,
): Promise<Buffer[]> {
  if (!isCount(index) || !isCount(size) || index >= size) {
    throw new InputError(`A tree of ${size} leaves has no leaf ${index}`);
  }
  const path: Buffer[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    const isLeft = index < middle;
    path.push(
      isLeft
        ? await subtreeHash(middle, end, nodeHash)
        : await subtreeHash(start, middle, nodeHash),
    );
    [start, end] = isLeft ? [start, middle] : [middle, end];
  }
  return path.reverse();
}

/**
 * The proof that the tree of one size is the beginning of the tree of another
 * (RFC 9162, 2.1.4.1); empty for equal sizes.
 *
 * @throws InputError unless 0 < from ≤ to
 */
export async function consistencyProof(
  from: number,
  to: number,
  nodeHash: NodeHash,
): Promise<Buffer[]> {
  if (!isCount(from) || !isCount(to) || from < 1 || from > to) {
    throw new InputError(
      `There is no proof of consistency from ${from} to ${to} leaves`,
    );
  }
  const proof: Buffer[] = [];
  let [start, end] = [0, to];
  while (end !== from) {
    const middle = start + splitOf(end - start);
    if (from <= middle) {
      proof.push(await subtreeHash(middle, end, nodeHash));
      end = middle;
    } else {
      proof.push(await subtreeHash(start, middle, nodeHash));
      start = middle;
    }
  }
  if (start > 0) {
    proof.push(await subtreeHash(start, end, nodeHash));
  }
  return proof.reverse();
}

/** The root of the leaves from start to before end, as they hang in the tree. */
async function subtreeHash(
  start: number,
  end: number,
  nodeHash: NodeHash,
): Promise<Buffer> {
  const width = end - start;
  const level = Math.log2(width);
  if (Number.isInteger(level)) {
    return nodeHash(level, start / width);
  }
  const middle = start + splitOf(width);
  return innerHash(
    await subtreeHash(start, middle, nodeHash),
    await subtreeHash(middle, end, nodeHash),
  );
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
