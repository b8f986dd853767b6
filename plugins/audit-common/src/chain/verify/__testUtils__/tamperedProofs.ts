import { testKey, TestChain } from '../../../testUtils';
import { formatBundleLine } from '../../bundle';
import { digestText } from '../../digestText';
import { entryHash } from '../../entryHash';
import { introduceKey } from '../../keyIntroduction';
import { formatVerifierKey } from '../../verifierKey';
import {
  changed,
  CHECKPOINTS,
  keptAt,
  key,
  lines,
  original,
  SIZE,
  type Tampering,
} from './sampleBundle';

const rekeyed = () => new TestChain({ size: SIZE, keys: [testKey(9)] });
const pruned = original.bundle({ checkpoints: CHECKPOINTS, pruned: 512 });
const withHeader = (change: (header: Record<string, unknown>) => void) =>
  changed(copy => {
    const header = JSON.parse(copy[0]);
    change(header);
    copy[0] = JSON.stringify(header);
  }, pruned);
const picked = [3, 4, 300, 590];
const selected = (change: (copy: string[]) => void) => async () =>
  changed(change, await original.selection(picked, CHECKPOINTS));
const isProof = (line: string) => line.startsWith('{"type":"proof"');

/** Checkpoints, keys, bases, proofs and disclosures that are not what they must be. */
export const tamperedProofs: Tampering[] = [
  ...CHECKPOINTS.flatMap((size, index): Tampering[] => [
    {
      kind: 'fork',
      what: 'two checkpoints of one size in the bundle',
      sequence: size,
      bundle: changed(copy => {
        copy.splice(
          2 + index,
          0,
          original.copy().rewriteFrom(size, 'other').checkpointLine(size),
        );
      }),
    },
    {
      kind: 'rollback',
      what: 'an older checkpoint behind a newer one',
      sequence: 21,
      bundle: changed(copy => {
        copy.splice(3 + index, 0, original.checkpointLine(20));
      }),
    },
    {
      kind: 'rollback',
      what: 'a shorter chain, consistently',
      sequence: size + 2,
      bundle: (() => {
        const shorter = original.copy();
        shorter.texts.length = size + 1;
        return shorter.bundle({ checkpoints: CHECKPOINTS.slice(0, index + 1) });
      })(),
      options: { keptCheckpoints: [keptAt(SIZE)] },
    },
    {
      kind: 'rollback',
      what: 'a selection to an older checkpoint',
      sequence: size + 1,
      bundle: () =>
        original.selection([3, 90], CHECKPOINTS.slice(0, index + 1)),
      options: { keptCheckpoints: [keptAt(SIZE)] },
    },
    {
      kind: 'signature',
      what: 'the size in a checkpoint',
      bundle: changed(copy => {
        copy[2 + index] = copy[2 + index].replace(`\\n${size}\\n`, '\\n1\\n');
      }),
    },
    {
      kind: 'key',
      what: 'one checkpoint signed by another key',
      bundle: changed(copy => {
        copy[2 + index] = original.checkpointLine(size, testKey(9));
      }),
    },
    {
      kind: 'foreign',
      what: 'a checkpoint of another chain',
      bundle: changed(copy => {
        copy[2 + index] = new TestChain({
          chain: 'borealis',
          size,
        }).checkpointLine(size);
      }),
    },
  ]),
  {
    kind: 'key',
    what: 'the whole chain signed with another key',
    bundle: rekeyed().bundle({ checkpoints: CHECKPOINTS }),
  },
  {
    kind: 'introduction',
    what: 'another key that introduces itself',
    bundle: changed(copy => {
      copy.splice(
        2,
        0,
        formatBundleLine({
          type: 'key',
          key: formatVerifierKey(testKey(9).verifier),
          introduction: introduceKey({
            previous: testKey(8),
            next: testKey(9),
            time: new Date(),
          }),
        }),
      );
    }),
  },
  {
    kind: 'introduction',
    what: 'the introduction of a third key',
    bundle: changed(copy => {
      copy.splice(
        2,
        0,
        formatBundleLine({
          type: 'key',
          key: formatVerifierKey(testKey(9).verifier),
          introduction: introduceKey({
            previous: key,
            next: testKey(8),
            time: new Date(),
          }),
        }),
      );
    }),
  },
  {
    kind: 'key',
    what: 'a key that an unknown key introduces',
    bundle: new TestChain({
      size: 9,
      keys: [testKey(8), testKey(9)],
    }).bundle({ checkpoints: [9] }),
  },
  {
    kind: 'foreign',
    what: 'the entries of another portal',
    sequence: 1,
    bundle: [
      ...lines.slice(0, 2),
      ...new TestChain({ origin: 'else.example.com', size: SIZE }).texts,
      ...lines.slice(-2),
    ],
  },
  {
    kind: 'foreign',
    what: 'a key of another portal',
    bundle: changed(copy => {
      copy[1] = new TestChain({ origin: 'else.example.com' }).keyLines()[0];
    }),
  },
  {
    kind: 'foreign',
    what: 'the name of the chain in the first line',
    bundle: changed(copy => {
      copy[0] = copy[0].replace('"chain":"aurora"', '"chain":"borealis"');
    }),
  },
  {
    kind: 'base',
    what: 'a block of pruned entries',
    sequence: 512,
    bundle: withHeader(header => {
      const base = header.base as { nodes: string[] };
      base.nodes[1] = base.nodes[0];
    }),
  },
  {
    kind: 'base',
    what: 'a block of pruned entries, found by the checkpoint behind',
    sequence: 512,
    bundle: (() => {
      const copy = original.bundle({ checkpoints: [590], pruned: 512 });
      const header = JSON.parse(copy[0]);
      header.base.nodes[0] = header.base.nodes[1];
      return [JSON.stringify(header), ...copy.slice(1)];
    })(),
  },
  {
    kind: 'base',
    what: 'the hash of the last pruned entry',
    sequence: 512,
    bundle: withHeader(header => {
      (header.base as { head: string }).head = digestText(Buffer.alloc(32));
    }),
  },
  {
    kind: 'base',
    what: 'the hash of the last pruned entry, with no checkpoint at it',
    sequence: 513,
    bundle: (() => {
      const copy = original.bundle({ checkpoints: [590], pruned: 512 });
      const header = JSON.parse(copy[0]);
      header.base.head = digestText(Buffer.alloc(32));
      return [JSON.stringify(header), ...copy.slice(1)];
    })(),
  },
  {
    kind: 'base',
    what: 'the number of pruned entries',
    sequence: 256,
    bundle: withHeader(header => {
      (header.base as { sequence: number }).sequence = 256;
    }),
  },
  {
    kind: 'base',
    what: 'pruned beyond what was signed',
    sequence: 512,
    bundle: original.bundle({ checkpoints: [100, 300], pruned: 512 }),
  },
  {
    kind: 'base',
    what: 'an invented past',
    sequence: 512,
    bundle: (() => {
      const other = original.copy().rewriteFrom(1, 'as needed');
      return [
        other.bundle({ pruned: 512 })[0],
        ...pruned.slice(1, 6),
        ...other.texts.slice(512),
        ...pruned.slice(-2),
      ];
    })(),
  },
  ...picked.flatMap((sequence, index): Tampering[] => [
    {
      kind: 'proof',
      what: 'an entry of a selection edited',
      sequence,
      bundle: selected(copy => {
        const line = copy.findIndex(isProof) + 2 * index - 1;
        copy[line] = copy[line].replace('as agreed', 'as Agreed');
      }),
    },
    {
      kind: 'proof',
      what: 'a proof left out',
      sequence,
      bundle: selected(copy => {
        copy.splice(copy.findIndex(isProof) + 2 * index, 1);
      }),
    },
    {
      kind: 'proof',
      what: 'a proof without its last hash',
      sequence,
      bundle: selected(copy => {
        const line = copy.findIndex(isProof) + 2 * index;
        const proof = JSON.parse(copy[line]);
        proof.hashes.pop();
        copy[line] = JSON.stringify(proof);
      }),
    },
    {
      kind: 'proof',
      what: 'a proof for another size',
      sequence,
      bundle: selected(copy => {
        const line = copy.findIndex(isProof) + 2 * index;
        copy[line] = copy[line].replace('"size":590', '"size":591');
      }),
    },
    {
      kind: 'removed',
      what: 'an entry of a selection with its proof',
      bundle: selected(copy => {
        copy.splice(copy.findIndex(isProof) + 2 * index - 1, 2);
      }),
    },
  ]),
  {
    kind: 'swapped',
    what: 'entries of a selection with their proofs',
    sequence: 4,
    bundle: async () => original.selection([3, 300, 4], CHECKPOINTS),
  },
  ...['value', 'of', 'salt', 'commitment'].map(
    (member): Tampering => ({
      kind: 'disclosure',
      what: `the ${member} of a disclosure`,
      bundle: changed(copy => {
        const line = JSON.parse(copy[copy.length - 2]);
        line[member] =
          member === 'commitment'
            ? digestText(entryHash('x'))
            : `AAAA${line[member].slice(4)}`;
        copy[copy.length - 2] = JSON.stringify(line);
      }),
    }),
  ),
  {
    kind: 'disclosure',
    what: 'a disclosure left out',
    bundle: changed(copy => {
      copy.splice(-2, 1);
    }),
  },
  {
    kind: 'root',
    what: 'a signed root that is not that of the entries',
    sequence: 100,
    bundle: (() => {
      const liar = original.copy();
      const honest = original.root(100);
      liar.root = () => Buffer.from(honest).reverse();
      return changed(copy => {
        copy[2] = liar.checkpointLine(100);
      });
    })(),
  },
  {
    kind: 'unfinished',
    what: 'everything',
    bundle: [],
    torn: true,
  },
  {
    kind: 'malformed',
    what: 'the ends of lines',
    bundle: lines.map(line => `${line}\r`),
  },
];
