import {
  BLOCK_SIZE,
  CompactRange,
  KEPT_LEVELS,
} from '@portico/plugin-audit-common/chain';
import { type Knex } from 'knex';
import { z } from 'zod';

const hashesSchema = z.object({
  rows: z.array(z.object({ hash: z.instanceof(Buffer) })),
});

/** The tree over the first entries of a chain, from its kept nodes and last hashes. */
export async function readTree(
  transaction: Knex.Transaction,
  chain: string,
  size: number,
): Promise<CompactRange> {
  const range = new CompactRange();
  for (const level of [...KEPT_LEVELS].reverse()) {
    const width = 2 ** level;
    const nodes = await transaction.raw(
      `select hash from portico_audit.tree_nodes
        where chain = ? and level = ? and index >= ? and index < ? order by index`,
      [chain, level, range.size / width, Math.floor(size / width)],
    );
    for (const { hash } of hashesSchema.parse(nodes).rows) {
      range.appendNode(level, hash);
    }
  }
  const leaves = await transaction.raw(
    `select hash from portico_audit.entries
      where chain = ? and sequence > ? and sequence <= ? order by sequence limit ?`,
    [chain, range.size, size, BLOCK_SIZE],
  );
  for (const { hash } of hashesSchema.parse(leaves).rows) {
    range.append(hash);
  }
  if (range.size !== size) {
    throw new Error(
      `The chain ${chain} lacks hashes: ${range.size} of ${size} were found`,
    );
  }
  return range;
}
