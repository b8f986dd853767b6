import { InputError } from '@backstage/errors';
import { EMPTY_ROOT, innerHash } from './merkleTree';

/** A complete subtree: of 2^level leaves, the index-th of its level, from 0. */
export interface TreeNode {
  level: number;
  index: number;
  hash: Buffer;
}

/** Levels whose complete subtrees are kept: they stand for blocks of 256 leaves. */
export const KEPT_LEVELS: readonly number[] = [8, 16, 24];

/** Leaves of the smallest subtree that is kept. */
export const BLOCK_SIZE = 256;

/**
 * A growing Merkle tree (RFC 9162) of which only the right edge is kept: the roots of
 * the complete subtrees that the leaves so far consist of.
 *
 * To go on where another ended, append its kept nodes, largest first, then the leaves
 * behind them.
 */
export class CompactRange {
  #size = 0;
  /** By level; those below the highest may be missing. */
  readonly #edge: Array<Buffer | undefined> = [];

  /** Number of leaves. */
  get size(): number {
    return this.#size;
  }

  /**
   * Adds a leaf.
   *
   * @returns the subtrees of the kept levels that it completed
   */
  append(leaf: Buffer): TreeNode[] {
    return this.appendNode(0, leaf);
  }

  /**
   * Adds the root of a complete subtree of 2^level leaves.
   *
   * @returns the subtrees of the kept levels that it completed, without itself
   * @throws InputError where such a subtree cannot stand
   */
  appendNode(level: number, root: Buffer): TreeNode[] {
    const width = 2 ** level;
    if (this.#size % width !== 0) {
      throw new InputError(
        `A subtree of ${width} leaves cannot follow ${this.#size} leaves`,
      );
    }
    this.#size += width;
    const completed: TreeNode[] = [];
    let hash = root;
    let at = level;
    for (let left = this.#edge[at]; left; left = this.#edge[at]) {
      this.#edge[at] = undefined;
      hash = innerHash(left, hash);
      at += 1;
      if (KEPT_LEVELS.includes(at)) {
        completed.push({ level: at, index: this.#size / 2 ** at - 1, hash });
      }
    }
    this.#edge[at] = hash;
    return completed;
  }

  /** Another one of the same leaves. */
  copy(): CompactRange {
    const copy = new CompactRange();
    copy.#size = this.#size;
    copy.#edge.push(...this.#edge);
    return copy;
  }

  /** The root of the tree over all leaves so far. */
  root(): Buffer {
    let root: Buffer | undefined;
    for (const left of this.#edge) {
      if (left) {
        root = root ? innerHash(left, root) : left;
      }
    }
    return root ?? EMPTY_ROOT;
  }
}
