import { InputError, NotFoundError } from '@backstage/errors';
import {
  type ConsistencyProof,
  type InclusionProof,
} from '@portico/plugin-audit-common';
import {
  consistencyProof,
  inclusionPath,
} from '@portico/plugin-audit-common/chain';
import { type PorticoDatabase } from '@portico/database';
import { type Knex } from 'knex';
import { z } from 'zod';
import { readIn, type ReadScope } from './ReadScope';
import { TreeNodes } from './TreeNodes';

type ChainScope = ReadScope & { chain: string };

const sizeSchema = z.object({
  rows: z.tuple([z.object({ size: z.coerce.number() })]),
});

/** Proofs on the Merkle tree of a chain. */
export class ProofQuery {
  readonly #database: PorticoDatabase;

  constructor(options: { database: PorticoDatabase }) {
    this.#database = options.database;
  }

  /**
   * Shows that an entry is in the tree of the first `size` entries.
   *
   * @throws InputError when there are no such entries yet
   * @throws NotFoundError when the entry's block was pruned
   */
  async inclusion(
    scope: ChainScope,
    { sequence, size }: { sequence: number; size: number },
  ): Promise<InclusionProof> {
    if (sequence > size) {
      throw new InputError(
        `The tree of ${size} entries has no entry ${sequence}`,
      );
    }
    return this.#within(scope, size, async nodes => ({
      chain: scope.chain,
      sequence,
      size,
      hashes: toText(
        await inclusionPath(sequence - 1, size, (level, index) =>
          nodes.hash(level, index),
        ),
      ),
    }));
  }

  /**
   * Shows that the first `from` entries begin the first `to` entries.
   *
   * @throws InputError when there are no such entries yet
   * @throws NotFoundError when a block that the proof needs was pruned
   */
  async consistency(
    scope: ChainScope,
    { from, to }: { from: number; to: number },
  ): Promise<ConsistencyProof> {
    if (from > to) {
      throw new InputError(
        `A tree of ${from} entries cannot begin one of ${to}`,
      );
    }
    return this.#within(scope, to, async nodes => ({
      chain: scope.chain,
      from,
      to,
      hashes: toText(
        await consistencyProof(from, to, (level, index) =>
          nodes.hash(level, index),
        ),
      ),
    }));
  }

  #within<T>(
    scope: ChainScope,
    size: number,
    fn: (nodes: TreeNodes) => Promise<T>,
  ): Promise<T> {
    return readIn(this.#database, scope, async transaction => {
      const length = await readSize(transaction, scope.chain);
      if (length === 0) {
        throw new NotFoundError(
          `The chain ${JSON.stringify(scope.chain)} has no entries yet`,
        );
      }
      if (size > length) {
        throw new InputError(
          `The chain ${JSON.stringify(
            scope.chain,
          )} has ${length} entries, not ${size}`,
        );
      }
      return fn(new TreeNodes(scope.chain, ask => ask(transaction)));
    });
  }
}

/** Number of entries of a chain, pruned ones included. */
export async function readSize(
  transaction: Knex.Transaction,
  chain: string,
): Promise<number> {
  return sizeSchema.parse(
    await transaction.raw(
      `select coalesce(max(sequence), 0) as size from portico_audit.entries
        where chain = ?`,
      [chain],
    ),
  ).rows[0].size;
}

function toText(hashes: readonly Buffer[]): string[] {
  return hashes.map(hash => hash.toString('base64'));
}
