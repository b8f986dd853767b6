import {
  BLOCK_SIZE,
  KEPT_LEVELS,
  merkleRoot,
} from '@portico/plugin-audit-common/chain';
import {
  type ChainHead,
  type EntryRow,
  type RelayStore,
  type TreeNodeRow,
} from './RelayStore';

/**
 * Keeps the roots of the blocks that new entries complete.
 *
 * @param heads - the chains' ends without the new entries
 */
export async function growTree(
  store: RelayStore,
  heads: ReadonlyMap<string, ChainHead>,
  entries: readonly EntryRow[],
): Promise<void> {
  const added = new Map<string, Buffer[]>();
  for (const { chain, hash } of entries) {
    const hashes = added.get(chain) ?? [];
    hashes.push(hash);
    added.set(chain, hashes);
  }
  const growing = [...added].flatMap(([chain, hashes]) => {
    const before = heads.get(chain)?.sequence ?? 0;
    const blocks = Math.floor(before / BLOCK_SIZE);
    return Math.floor((before + hashes.length) / BLOCK_SIZE) > blocks
      ? [{ chain, hashes, after: blocks * BLOCK_SIZE, last: before }]
      : [];
  });
  if (growing.length === 0) {
    return;
  }
  const open = await store.openBlocks(
    growing.map(({ chain, after, last }) => ({ chain, after, last })),
  );
  const nodes: TreeNodeRow[] = [];
  for (const { chain, hashes, after } of growing) {
    const leaves = [...(open.get(chain) ?? []), ...hashes];
    const first = after / BLOCK_SIZE;
    for (let block = 0; (block + 1) * BLOCK_SIZE <= leaves.length; block += 1) {
      nodes.push({
        chain,
        level: KEPT_LEVELS[0],
        index: first + block,
        hash: merkleRoot(
          leaves.slice(block * BLOCK_SIZE, (block + 1) * BLOCK_SIZE),
        ),
      });
    }
  }
  await store.addTreeNodes(nodes);
  await completeParents(store, nodes);
}

/** Adds the nodes of the next levels whose 256 children are complete now. */
async function completeParents(
  store: RelayStore,
  children: readonly TreeNodeRow[],
): Promise<void> {
  const parents: TreeNodeRow[] = [];
  for (const { chain, level, index } of children) {
    const above = level + KEPT_LEVELS[0];
    if ((index + 1) % BLOCK_SIZE === 0 && KEPT_LEVELS.includes(above)) {
      const parent = {
        chain,
        level: above,
        index: (index + 1) / BLOCK_SIZE - 1,
      };
      parents.push({
        ...parent,
        hash: merkleRoot(await store.childNodes(parent)),
      });
    }
  }
  if (parents.length > 0) {
    await store.addTreeNodes(parents);
    await completeParents(store, parents);
  }
}
