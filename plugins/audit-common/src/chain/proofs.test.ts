import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { CompactRange, type TreeNode } from './CompactRange';
import { merkleRoot } from './merkleTree';
import { consistencyProof, inclusionPath, type NodeHash } from './proofs';
import { verifyConsistency, verifyInclusion } from './verifyProofs';

const sha256 = (...parts: Buffer[]) =>
  createHash('sha256').update(Buffer.concat(parts)).digest();

const leaves = Array.from({ length: 1100 }, (_, index) =>
  sha256(Buffer.from([0]), Buffer.from(`leaf ${index}`)),
);

/** The definition of RFC 9162, 2.1.1, word for word. */
function naiveRoot(hashes: readonly Buffer[]): Buffer {
  if (hashes.length === 0) {
    return sha256();
  }
  if (hashes.length === 1) {
    return hashes[0];
  }
  let split = 1;
  while (split * 2 < hashes.length) {
    split *= 2;
  }
  return sha256(
    Buffer.from([1]),
    naiveRoot(hashes.slice(0, split)),
    naiveRoot(hashes.slice(split)),
  );
}

const rootOf = (size: number) => naiveRoot(leaves.slice(0, size));

/** Gives complete subtrees only, as a database does that keeps nothing else. */
const nodeHash: NodeHash = (level, index) => {
  const width = 2 ** level;
  if (!Number.isInteger(index) || (index + 1) * width > leaves.length) {
    throw new Error(`no node ${level}/${index}`);
  }
  return naiveRoot(leaves.slice(index * width, (index + 1) * width));
};

function rangeOf(hashes: readonly Buffer[]): CompactRange {
  const range = new CompactRange();
  hashes.forEach(hash => range.append(hash));
  return range;
}

const size = fc.integer({ min: 1, max: 300 });

describe('Merkle tree', () => {
  it('has the roots that RFC 9162 defines, at every size', () => {
    const range = new CompactRange();
    expect(range.root()).toEqual(rootOf(0));
    for (const [index, leaf] of leaves.slice(0, 300).entries()) {
      range.append(leaf);
      expect(range.size).toBe(index + 1);
      expect(range.root()).toEqual(rootOf(index + 1));
      expect(merkleRoot(leaves.slice(0, index + 1))).toEqual(rootOf(index + 1));
    }
    expect(() => merkleRoot([])).toThrow('at least one');
  });

  it('has the roots that others published', () => {
    // The reference vectors of Certificate Transparency.
    const inputs = [
      '',
      '00',
      '10',
      '2021',
      '3031',
      '40414243',
      '5051525354555657',
      '606162636465666768696a6b6c6d6e6f',
    ];
    const range = rangeOf(
      inputs.map(input => sha256(Buffer.from([0]), Buffer.from(input, 'hex'))),
    );
    expect(range.root().toString('hex')).toBe(
      '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
    );
  });

  it('hands out complete blocks, and goes on from them', () => {
    const range = new CompactRange();
    const nodes: TreeNode[] = leaves.flatMap(leaf => range.append(leaf));
    expect(nodes.map(({ level, index }) => [level, index])).toEqual([
      [8, 0],
      [8, 1],
      [8, 2],
      [8, 3],
    ]);
    for (const node of nodes) {
      expect(node.hash).toEqual(nodeHash(node.level, node.index));
    }

    const resumed = new CompactRange();
    nodes.forEach(node => resumed.appendNode(8, node.hash));
    leaves.slice(1024).forEach(leaf => resumed.append(leaf));
    expect(resumed.size).toBe(range.size);
    expect(resumed.root()).toEqual(range.root());
    expect(() => resumed.appendNode(8, leaves[0])).toThrow('cannot follow');
  });

  it('completes the levels above when blocks are appended', () => {
    const range = new CompactRange();
    const completed = Array.from({ length: 512 }, () =>
      range.appendNode(8, leaves[0]),
    ).flat();
    expect(completed.map(({ level, index }) => [level, index])).toEqual([
      [16, 0],
      [16, 1],
    ]);
    expect(range.appendNode(16, leaves[1])).toEqual([]);
    expect(range.size).toBe(3 * 65536);
  });

  it('proves each leaf of each size, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(size, fc.nat(), fc.nat(), async (total, pick, other) => {
        const index = pick % total;
        const path = await inclusionPath(index, total, nodeHash);
        const claim = {
          index,
          size: total,
          leaf: leaves[index],
          path,
          root: rootOf(total),
        };
        expect(verifyInclusion(claim)).toBe(true);

        const lies = [
          { ...claim, leaf: leaves[index + 1] },
          { ...claim, root: rootOf(total + 1) },
          { ...claim, path: [...path, leaves[0]] },
          { ...claim, path: [leaves[0], ...path] },
          { ...claim, index: total },
          ...[other % total]
            .filter(wrong => wrong !== index)
            .map(wrong => ({ ...claim, index: wrong })),
          ...path.flatMap((_, at) => [
            { ...claim, path: path.toSpliced(at, 1) },
            { ...claim, path: path.toSpliced(at) },
            { ...claim, path: path.with(at, leaves[1099]) },
          ]),
        ];
        expect(lies.filter(verifyInclusion)).toEqual([]);
      }),
    );
  });

  it('proves that each size begins each later one, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(size, size, async (one, another) => {
        const [older, newer] = [Math.min(one, another), Math.max(one, another)];
        const from = { size: older, root: rootOf(older) };
        const to = { size: newer, root: rootOf(newer) };
        const proof = await consistencyProof(older, newer, nodeHash);
        const claim = { from, to, proof };
        expect(verifyConsistency(claim)).toBe(true);

        const lies = [
          { ...claim, proof: [...proof, leaves[0]] },
          { ...claim, proof: [leaves[0], ...proof] },
          { ...claim, from: { ...from, root: leaves[1099] } },
          { ...claim, to: { ...to, root: leaves[1099] } },
          ...proof.flatMap((_, at) => [
            { ...claim, proof: proof.toSpliced(at, 1) },
            { ...claim, proof: proof.toSpliced(at) },
            { ...claim, proof: proof.with(at, leaves[1099]) },
            { from: to, to: from, proof },
          ]),
        ];
        expect(lies.filter(verifyConsistency)).toEqual([]);
      }),
    );
  });

  it('makes no proof of what is not there', async () => {
    await expect(inclusionPath(5, 5, nodeHash)).rejects.toThrow('no leaf 5');
    await expect(inclusionPath(-1, 5, nodeHash)).rejects.toThrow('no leaf');
    await expect(inclusionPath(0.5, 5, nodeHash)).rejects.toThrow('no leaf');
    await expect(consistencyProof(0, 5, nodeHash)).rejects.toThrow('no proof');
    await expect(consistencyProof(6, 5, nodeHash)).rejects.toThrow('no proof');
    const root = rootOf(5);
    expect(
      verifyConsistency({
        from: { size: 0, root },
        to: { size: 5, root },
        proof: [],
      }),
    ).toBe(false);
    expect(
      verifyInclusion({ index: NaN, size: 5, leaf: root, path: [], root }),
    ).toBe(false);
  });

  it('works beyond 2^31 leaves', async () => {
    // All leaves alike, so that a node depends on its level only.
    const byLevel = [leaves[0]];
    for (let level = 1; level < 41; level += 1) {
      byLevel.push(
        sha256(Buffer.from([1]), byLevel[level - 1], byLevel[level - 1]),
      );
    }
    const large = 2 ** 40 + 2 ** 33 + 3;
    const range = new CompactRange();
    [40, 33, 1, 0].forEach(level => range.appendNode(level, byLevel[level]));
    expect(range.size).toBe(large);
    const root = range.root();
    const index = 2 ** 40 + 7;
    const path = await inclusionPath(index, large, level => byLevel[level]);
    expect(
      verifyInclusion({ index, size: large, leaf: leaves[0], path, root }),
    ).toBe(true);
    const proof = await consistencyProof(
      2 ** 40 + 2 ** 32,
      large,
      level => byLevel[level],
    );
    const older = new CompactRange();
    [40, 32].forEach(level => older.appendNode(level, byLevel[level]));
    expect(
      verifyConsistency({
        from: { size: older.size, root: older.root() },
        to: { size: large, root },
        proof,
      }),
    ).toBe(true);
  });
});
