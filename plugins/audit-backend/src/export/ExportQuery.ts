import { ConflictError } from '@backstage/errors';
import { type AuditFilter } from '@portico/plugin-audit-common';
import { BLOCK_SIZE } from '@portico/plugin-audit-common/chain';
import { type PorticoDatabase } from '@portico/database';
import { type Knex } from 'knex';
import { z } from 'zod';
import { createEntryFilter } from '../query/EntryFilter';
import {
  entryColumns,
  type EntryRow,
  type Disclosures,
  parseEntryRows,
  readDisclosures,
} from '../query/readEntryViews';
import { readIn, type ReadScope } from '../query/ReadScope';
import { allOf } from '../query/SqlCondition';
import { TreeNodes } from '../query/TreeNodes';

/** Sequences that are looked at in one go: what an export holds in memory. */
const WINDOW = 1_000;

const extentSchema = z.object({
  rows: z.tuple([
    z.object({
      size: z.coerce.number(),
      pruned: z.coerce.number(),
      head: z.instanceof(Buffer).nullable(),
    }),
  ]),
});
const checkpointRowsSchema = z.object({
  rows: z.array(z.object({ size: z.coerce.number(), note: z.string() })),
});
const nodeRowsSchema = z.object({
  rows: z.array(
    z.object({ index: z.coerce.number(), hash: z.instanceof(Buffer) }),
  ),
});
const chainRowsSchema = z.object({
  rows: z.array(z.object({ chain: z.string() })),
});
const personalRowsSchema = z.object({
  rows: z.array(
    z.object({
      commitment: z.string(),
      person: z.string(),
      salt: z.instanceof(Buffer),
      value: z.string(),
    }),
  ),
});

/** How far a chain reaches at one instant. */
export interface ChainExtent {
  /** The newest entry. */
  size: number;
  /** The newest entry that was pruned, and its hash. */
  pruned: number;
  head: Buffer | null;
}

/** A scope with one chain. */
export type ChainScope = ReadScope & { chain: string };

/**
 * Reads a chain piece by piece, each in a short transaction. Entries never change and
 * never get between others, so those up to a fixed sequence are one snapshot however
 * long it takes, unless the front is pruned: `checkUnpruned` tells at the end. It holds
 * neither a connection nor old row versions meanwhile.
 */
export class ExportQuery {
  readonly #database: PorticoDatabase;

  constructor(options: { database: PorticoDatabase }) {
    this.#database = options.database;
  }

  async extent(scope: ChainScope): Promise<ChainExtent> {
    const { chain } = scope;
    const answer = await this.#ask(scope, transaction =>
      transaction.raw(
        `select (select coalesce(max(sequence), 0) from portico_audit.entries
                  where chain = :chain) as size,
                coalesce(pruning.sequence, 0) as pruned, pruning.head
           from (select) as one
           left join lateral (
             select sequence, head from portico_audit.prunings
              where chain = :chain order by sequence desc limit 1
           ) as pruning on true`,
        { chain },
      ),
    );
    return extentSchema.parse(answer).rows[0];
  }

  /**
   * Makes sure that what was read since is all that there was.
   *
   * @throws ConflictError when entries were pruned since
   */
  async checkUnpruned(scope: ChainScope, since: ChainExtent): Promise<void> {
    const { pruned } = await this.extent(scope);
    if (pruned !== since.pruned) {
      throw new ConflictError(
        'Entries were pruned while they were exported: export again',
      );
    }
  }

  /** Names of the chains of the scope. */
  async chains(scope: ReadScope): Promise<string[]> {
    if (scope.chain !== undefined) {
      return [scope.chain];
    }
    const answer = await this.#ask(scope, transaction =>
      transaction.raw(
        `select chain from portico_audit.chains order by chain <> 'default', chain`,
      ),
    );
    return chainRowsSchema.parse(answer).rows.map(({ chain }) => chain);
  }

  /** Entries up to `size` that meet the filter, in the order of the chain. */
  async *entries(
    scope: ChainScope,
    extent: ChainExtent,
    filter: AuditFilter,
  ): AsyncGenerator<EntryRow[]> {
    for (let from = extent.pruned; from < extent.size; from += WINDOW) {
      const to = Math.min(from + WINDOW, extent.size);
      const answer = await this.#ask(scope, async transaction => {
        const { range, rest } = await createEntryFilter(
          transaction,
          scope,
          filter,
        );
        const all = allOf([range, rest]);
        return transaction.raw(
          `select ${entryColumns} from portico_audit.entries
            where chain = ? and sequence > ? and sequence <= ? and ${all.sql}
            order by sequence`,
          [scope.chain, from, to, ...all.bindings],
        );
      });
      yield parseEntryRows(answer);
    }
  }

  async disclosures(
    scope: ReadScope,
    rows: readonly EntryRow[],
  ): Promise<Disclosures> {
    return readIn(this.#database, scope, transaction =>
      readDisclosures(transaction, rows),
    );
  }

  /** All personal data of the chain that the reader may know, in pieces. */
  async *personalData(scope: ChainScope) {
    for (let after = ''; ; ) {
      const answer = await this.#ask(scope, transaction =>
        transaction.raw(
          `select commitment, person, salt, value from portico_audit.personal_data
            where chain = ? and commitment > ? order by commitment limit ${WINDOW}`,
          [scope.chain, after],
        ),
      );
      const { rows } = personalRowsSchema.parse(answer);
      const last = rows[rows.length - 1];
      if (!last) {
        return;
      }
      yield rows;
      after = last.commitment;
    }
  }

  /** Checkpoints of at most `size` entries, oldest first. */
  async *checkpoints(scope: ChainScope, size: number) {
    for (let after = 0; ; ) {
      const answer = await this.#ask(scope, transaction =>
        transaction.raw(
          `select size, note from portico_audit.checkpoints
            where chain = ? and size > ? and size <= ? order by size limit ${WINDOW}`,
          [scope.chain, after, size],
        ),
      );
      const { rows } = checkpointRowsSchema.parse(answer);
      const last = rows[rows.length - 1];
      if (!last) {
        return;
      }
      yield rows;
      after = last.size;
    }
  }

  /** The newest checkpoint of at most `size` entries. */
  async newestCheckpoint(scope: ChainScope, size: number) {
    const answer = await this.#ask(scope, transaction =>
      transaction.raw(
        `select size, note from portico_audit.checkpoints
          where chain = ? and size <= ? order by size desc limit 1`,
        [scope.chain, size],
      ),
    );
    return checkpointRowsSchema.parse(answer).rows[0];
  }

  /** Roots of the blocks that were pruned. */
  async prunedBlocks(scope: ChainScope, pruned: number): Promise<Buffer[]> {
    const answer = await this.#ask(scope, transaction =>
      transaction.raw(
        `select index, hash from portico_audit.tree_nodes
          where chain = ? and level = ? and index < ? order by index`,
        [scope.chain, Math.log2(BLOCK_SIZE), pruned / BLOCK_SIZE],
      ),
    );
    return nodeRowsSchema.parse(answer).rows.map(({ hash }) => hash);
  }

  /** The Merkle tree of the chain. */
  tree(scope: ChainScope): TreeNodes {
    return new TreeNodes(scope.chain, question => this.#ask(scope, question));
  }

  #ask(
    scope: ReadScope,
    question: (transaction: Knex.Transaction) => Promise<unknown>,
  ): Promise<unknown> {
    return readIn(this.#database, scope, question);
  }
}
