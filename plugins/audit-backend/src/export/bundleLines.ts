import { type AuditFilter } from '@portico/plugin-audit-common';
import {
  type BundleLine,
  formatBundleLine,
  inclusionPath,
} from '@portico/plugin-audit-common/chain';
import { type SigningKeyRow } from '../query/ChainQuery';
import { hashText } from '../query/readEntryViews';
import {
  type ChainExtent,
  type ChainScope,
  type ExportQuery,
} from './ExportQuery';
import { UsedCommitments } from './UsedCommitments';

/** What goes into a bundle. */
export interface BundleOptions {
  query: ExportQuery;
  scope: ChainScope;
  filter: AuditFilter;
  origin: string;
  /** Newest first. */
  keys: readonly SigningKeyRow[];
  exportedAt: Date;
}

/**
 * The lines of one chain's bundle, in pieces. It is complete when nothing but the chain
 * was asked for; a selection carries a proof with each entry.
 *
 * @throws ConflictError when entries were pruned meanwhile
 */
export async function* bundleLines(
  options: BundleOptions,
): AsyncGenerator<string> {
  const { query, scope, filter, keys } = options;
  const extent = await query.extent(scope);
  const { chain: _, ...conditions } = filter;
  const isComplete = Object.keys(conditions).length === 0;
  const newest = await query.newestCheckpoint(scope, extent.size);

  yield line(await header(options, extent, isComplete));
  for (const { key, introduction } of [...keys].reverse()) {
    yield line({ type: 'key', key, ...(introduction ? { introduction } : {}) });
  }
  if (isComplete) {
    for await (const checkpoints of query.checkpoints(scope, extent.size)) {
      yield checkpoints
        .map(({ note }) => line({ type: 'checkpoint', note }))
        .join('');
    }
  } else if (newest) {
    yield line({ type: 'checkpoint', note: newest.note });
  }

  const used = new UsedCommitments();
  const tree = query.tree(scope);
  let entries = 0;
  for await (const rows of query.entries(scope, extent, filter)) {
    let lines = '';
    for (const row of rows) {
      row.commitments.forEach(commitment => used.add(commitment));
      lines += `${row.entry}\n`;
      if (!isComplete && newest && row.sequence <= newest.size) {
        const path = await inclusionPath(
          row.sequence - 1,
          newest.size,
          (level, index) => tree.hash(level, index),
        );
        lines += line({
          type: 'proof',
          sequence: row.sequence,
          size: newest.size,
          hashes: path.map(hash => hash.toString('base64')),
        });
      }
    }
    entries += rows.length;
    yield lines;
  }

  let disclosures = 0;
  for await (const data of query.personalData(scope)) {
    const known = data.filter(({ commitment }) => used.has(commitment));
    disclosures += known.length;
    yield known
      .map(({ commitment, person, salt, value }) =>
        line({
          type: 'disclosure',
          commitment,
          of: person,
          salt: salt.toString('base64'),
          value,
        }),
      )
      .join('');
  }
  // Only now: with entries go the personal data that no other entry uses.
  await query.checkUnpruned(scope, extent);
  yield line({ type: 'end', entries, disclosures });
}

async function header(
  { query, scope, filter, origin, exportedAt }: BundleOptions,
  { size, pruned, head }: ChainExtent,
  isComplete: boolean,
): Promise<BundleLine> {
  const nodes = isComplete ? await query.prunedBlocks(scope, pruned) : [];
  return {
    type: 'bundle',
    version: 1,
    origin,
    chain: scope.chain,
    kind: isComplete ? 'complete' : 'selection',
    exportedAt: exportedAt.toISOString(),
    filter,
    size,
    ...(isComplete && head
      ? {
          base: {
            sequence: pruned,
            head: hashText(head),
            nodes: nodes.map(node => node.toString('base64')),
          },
        }
      : {}),
  };
}

function line(content: BundleLine): string {
  return `${formatBundleLine(content)}\n`;
}
