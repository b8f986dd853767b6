import { testKey, TestChain } from '@portico/plugin-audit-common/testUtils';
import { PortalClient } from '../portal/PortalClient';
import { AuditServer, type Lies } from './__testUtils__/AuditServer';
import { witnessPortal } from './witnessPortal';

const KEPT = 300;
const NEWEST = 700;
const key = testKey(1);
const aurora = new TestChain({ size: NEWEST });
const borealis = new TestChain({ chain: 'borealis', size: NEWEST });
/** Signed with the right key, but entry 200 is another one. */
const forked = aurora.copy().rewriteFrom(200, 'as needed');
const kept = { aurora: [aurora.checkpoint(KEPT)] };

function sized(chain: TestChain, size: number): TestChain {
  const copy = chain.copy();
  copy.texts.length = size;
  return copy;
}

describe('witness', () => {
  let server: AuditServer;

  beforeAll(async () => {
    server = await AuditServer.start();
  });
  beforeEach(() => {
    server.chains = [aurora];
    server.lies = {};
  });
  afterAll(() => server.stop());

  const visit = (keys = [key.verifier], before: object = kept) =>
    witnessPortal(
      new PortalClient({ url: server.url, timeoutSeconds: 5 }),
      { ...before },
      keys,
    );

  it('keeps what continues the kept checkpoint, and what is new', async () => {
    server.chains = [aurora, borealis, new TestChain({ chain: 'default' })];
    const { chains, checkpoints } = await visit();
    expect(chains).toEqual([
      {
        chain: 'aurora',
        outcome: 'grown',
        before: KEPT,
        size: NEWEST,
        time: '2026-11-21T08:11:40.500Z',
      },
      expect.objectContaining({ chain: 'borealis', outcome: 'new' }),
      { chain: 'default', outcome: 'none' },
    ]);
    expect(checkpoints).toEqual({
      aurora: [aurora.checkpoint(KEPT), aurora.checkpoint()],
      borealis: [borealis.checkpoint()],
    });

    const again = await visit([key.verifier], checkpoints);
    expect(again.chains.map(({ outcome }) => outcome)).toEqual([
      'same',
      'same',
      'none',
    ]);
    expect(again.checkpoints).toEqual(checkpoints);
  });

  it('follows a key that the trusted one introduced, and no other', async () => {
    const renewed = aurora.copy();
    renewed.keys.push(testKey(2));
    server.chains = [renewed];
    const { chains, keys } = await visit();
    expect(chains).toMatchObject([{ outcome: 'grown' }]);
    expect(keys.map(({ id }) => id)).toEqual([
      key.verifier.id,
      testKey(2).verifier.id,
    ]);

    renewed.keys.splice(0, 1, testKey(8));
    const stranger = await visit();
    expect(stranger.chains).toMatchObject([
      { outcome: 'refused', reason: expect.stringContaining('not trusted') },
    ]);
    expect(stranger.keys).toEqual([key.verifier]);
  });

  const proofOf = (chain: TestChain) => (from: number, to: number) =>
    chain.consistency(from, to);
  const lies: Array<[string, { chains?: TestChain[] } & Lies, RegExp]> = [
    [
      'everything signed with another key',
      { latest: () => aurora.checkpoint(NEWEST, testKey(9)) },
      /not trusted/,
    ],
    [
      'another key that takes the id of the trusted one',
      {
        latest: () => {
          const stolen = testKey(9);
          stolen.verifier = { ...stolen.verifier, id: key.verifier.id };
          return aurora.checkpoint(NEWEST, stolen);
        },
      },
      /signature is not the key's/,
    ],
    [
      'a larger size written into a signed checkpoint',
      { latest: () => aurora.checkpoint(KEPT).replace('\n300\n', '\n700\n') },
      /signature is not the key's/,
    ],
    [
      'the same key, a forked tree, its own proof',
      { chains: [forked] },
      /cannot prove/,
    ],
    [
      'the same key, a forked tree, the proof of the true one',
      { chains: [forked], proof: proofOf(aurora) },
      /cannot prove/,
    ],
    [
      'a forked tree of the kept size',
      { chains: [sized(forked, KEPT)] },
      /forked.*cover 300 entries each/,
    ],
    [
      'a smaller tree',
      { chains: [sized(aurora, KEPT - 1)] },
      /rolled back.*covers 299.*covers 300/,
    ],
    [
      'an old checkpoint, replayed',
      { latest: () => aurora.checkpoint(100) },
      /rolled back/,
    ],
    [
      'the proof that an entry is in the tree',
      { proof: () => aurora.inclusion(KEPT, NEWEST) },
      /cannot prove/,
    ],
    [
      'the proof that another entry is in the tree',
      { proof: () => aurora.inclusion(17, NEWEST) },
      /cannot prove/,
    ],
    ['an empty proof', { proof: () => [] }, /cannot prove/],
    [
      'a padded proof',
      {
        proof: async (from, to) => {
          const hashes = await aurora.consistency(from, to);
          return [...hashes, hashes[0]];
        },
      },
      /cannot prove/,
    ],
    [
      'a proof without its last hash',
      {
        proof: async (from, to) =>
          (await aurora.consistency(from, to)).slice(0, -1),
      },
      /cannot prove/,
    ],
    [
      'a proof with a short hash',
      {
        proof: async (from, to) =>
          (await aurora.consistency(from, to)).with(0, 'AAAA'),
      },
      /expected 32/,
    ],
    [
      'the right proof for another size',
      { proof: from => aurora.consistency(from, NEWEST - 1) },
      /cannot prove/,
    ],
    [
      'the right proof from another size',
      { proof: (_from, to) => aurora.consistency(KEPT - 1, to) },
      /cannot prove/,
    ],
    [
      'the checkpoint of another chain',
      { latest: () => borealis.checkpoint() },
      /portal\.example\.com\/borealis instead of portal\.example\.com\/aurora/,
    ],
    [
      'the entries of another chain under the name of this one',
      {
        chains: [Object.assign(borealis.copy(), { chain: 'aurora' })],
      },
      /cannot prove/,
    ],
    [
      'the checkpoint of another portal that is trusted as well',
      {
        latest: () =>
          new TestChain({
            origin: 'else.example.com',
            keys: [testKey(5, 'else.example.com')],
            size: NEWEST,
          }).checkpoint(),
      },
      /else\.example\.com\/aurora instead of/,
    ],
    ['no such chain', { chains: [borealis] }, /Not found/],
    ['something that is no checkpoint', { latest: () => 'Trust me\n' }, /note/],
  ];

  it(`refuses ${lies.length} consistent lies of a server`, async () => {
    const believed: unknown[] = [];
    for (const [name, { chains, ...lie }, reason] of lies) {
      server.chains = chains ?? [aurora];
      server.lies = lie;
      const result = await visit([
        key.verifier,
        testKey(5, 'else.example.com').verifier,
      ]);
      const [found] = result.chains;
      if (
        found.chain !== 'aurora' ||
        found.outcome !== 'refused' ||
        !reason.test(found.reason ?? '') ||
        result.checkpoints.aurora.length !== 1
      ) {
        believed.push({ name, found });
      }
    }
    expect(believed).toEqual([]);
  });

  it('is not put off by a list that leaves the kept chain out', async () => {
    server.chains = [borealis, forked];
    server.lies = { hidden: ['aurora'] };
    const { chains } = await visit();
    expect(chains).toMatchObject([
      { chain: 'aurora', outcome: 'refused' },
      { chain: 'borealis', outcome: 'new' },
    ]);
  });

  it('goes on with the other chains when one is refused', async () => {
    server.chains = [forked, borealis];
    const { chains, checkpoints } = await visit();
    expect(chains.map(({ outcome }) => outcome)).toEqual(['refused', 'new']);
    expect(checkpoints.aurora).toEqual(kept.aurora);
    expect(checkpoints.borealis).toHaveLength(1);
  });
});
