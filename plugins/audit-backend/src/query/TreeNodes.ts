import { NotFoundError } from '@backstage/errors';
import { BLOCK_SIZE, merkleRoot } from '@portico/plugin-audit-common/chain';
import { type Knex } from 'knex';
import { z } from 'zod';

/** Level of the subtrees that the relay keeps for each whole block. */
const BLOCK_LEVEL = Math.log2(BLOCK_SIZE);
/** Hashes that are remembered; a path through a million entries has twenty. */
const MOST_REMEMBERED = 8_192;

const hashRowsSchema = z.object({
  rows: z.array(z.object({ hash: z.instanceof(Buffer) })),
});

/** Runs a question in a transaction that sees the chain. */
export type AskChain = (
  question: (transaction: Knex.Transaction) => Promise<unknown>,
) => Promise<unknown>;

/**
 * Hashes of the nodes of a chain's Merkle tree. Those above whole blocks come from the
 * kept nodes, those within a block from its entries.
 */
export class TreeNodes {
  readonly #chain: string;
  readonly #ask: AskChain;
  readonly #remembered = new Map<string, Buffer>();
  #block: { index: number; leaves: Buffer[] } | undefined;

  constructor(chain: string, ask: AskChain) {
    this.#chain = chain;
    this.#ask = ask;
  }

  /**
   * The root of a complete subtree of 2^level leaves, the index-th of its level.
   *
   * @throws NotFoundError where the entries below are not there (any more)
   */
  async hash(level: number, index: number): Promise<Buffer> {
    if (level < BLOCK_LEVEL) {
      const width = 2 ** level;
      const start = index * width;
      const leaves = await this.#leavesOf(Math.floor(start / BLOCK_SIZE));
      const offset = start % BLOCK_SIZE;
      return this.#root(leaves.slice(offset, offset + width), width);
    }
    const key = `${level}/${index}`;
    const remembered = this.#remembered.get(key);
    if (remembered) {
      return remembered;
    }
    const kept = level - (level % BLOCK_LEVEL);
    const width = 2 ** (level - kept);
    const nodes = await this.#hashes(
      `select hash from portico_audit.tree_nodes
        where chain = ? and level = ? and index >= ? and index < ? order by index`,
      [this.#chain, kept, index * width, (index + 1) * width],
    );
    const root = this.#root(nodes, width);
    if (this.#remembered.size >= MOST_REMEMBERED) {
      this.#remembered.clear();
    }
    this.#remembered.set(key, root);
    return root;
  }

  async #leavesOf(index: number): Promise<Buffer[]> {
    if (this.#block?.index !== index) {
      const leaves = await this.#hashes(
        `select hash from portico_audit.entries
          where chain = ? and sequence > ? and sequence <= ? order by sequence`,
        [this.#chain, index * BLOCK_SIZE, (index + 1) * BLOCK_SIZE],
      );
      this.#block = { index, leaves };
    }
    return this.#block.leaves;
  }

  #root(hashes: readonly Buffer[], expected: number): Buffer {
    if (hashes.length !== expected) {
      throw new NotFoundError(
        `The chain ${JSON.stringify(
          this.#chain,
        )} no longer has the entries that the proof needs`,
      );
    }
    return merkleRoot(hashes);
  }

  async #hashes(sql: string, bindings: Knex.RawBinding[]): Promise<Buffer[]> {
    const answer = await this.#ask(transaction =>
      transaction.raw(sql, bindings).then(result => result),
    );
    return hashRowsSchema.parse(answer).rows.map(({ hash }) => hash);
  }
}
