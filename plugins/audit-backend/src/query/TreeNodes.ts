import { NotFoundError } from '@backstage/errors';
import { BLOCK_SIZE, merkleRoot } from '@portico/plugin-audit-common/chain';
import { type Knex } from 'knex';
import { z } from 'zod';

/** Level of the subtrees that the relay keeps for each whole block. */
const BLOCK_LEVEL = Math.log2(BLOCK_SIZE);
/** Hashes that are remembered; a path through a million entries has twenty. */
const MOST_REMEMBERED = 8_192;
/** An export goes from block to block, and looks at the last one each time. */
const MOST_BLOCKS = 8;

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
  /** By index; each with the hashes of its complete subtrees by level. */
  readonly #blocks = new Map<number, Buffer[][]>();

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
      const width = 2 ** (BLOCK_LEVEL - level);
      const levels = await this.#levelsOf(Math.floor(index / width));
      const hash = levels[level]?.[index % width];
      if (!hash) {
        throw this.#gone();
      }
      return hash;
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
    if (nodes.length !== width) {
      throw this.#gone();
    }
    const root = merkleRoot(nodes);
    if (this.#remembered.size >= MOST_REMEMBERED) {
      this.#remembered.clear();
    }
    this.#remembered.set(key, root);
    return root;
  }

  async #levelsOf(index: number): Promise<Buffer[][]> {
    const known = this.#blocks.get(index);
    if (known) {
      return known;
    }
    const levels = [
      await this.#hashes(
        `select hash from portico_audit.entries
          where chain = ? and sequence > ? and sequence <= ? order by sequence`,
        [this.#chain, index * BLOCK_SIZE, (index + 1) * BLOCK_SIZE],
      ),
    ];
    for (let below = levels[0] ?? []; below.length > 1; ) {
      below = pairs(below);
      levels.push(below);
    }
    const [oldest] = this.#blocks.keys();
    if (this.#blocks.size >= MOST_BLOCKS && oldest !== undefined) {
      this.#blocks.delete(oldest);
    }
    this.#blocks.set(index, levels);
    return levels;
  }

  #gone() {
    return new NotFoundError(
      `The chain ${JSON.stringify(
        this.#chain,
      )} no longer has the entries that the proof needs`,
    );
  }

  async #hashes(sql: string, bindings: Knex.RawBinding[]): Promise<Buffer[]> {
    const answer = await this.#ask(transaction =>
      transaction.raw(sql, bindings),
    );
    return hashRowsSchema.parse(answer).rows.map(({ hash }) => hash);
  }
}

/** The level above; a last one without a partner is no complete subtree. */
function pairs(hashes: readonly Buffer[]): Buffer[] {
  return Array.from({ length: Math.floor(hashes.length / 2) }, (_, index) =>
    merkleRoot(hashes.slice(2 * index, 2 * index + 2)),
  );
}
