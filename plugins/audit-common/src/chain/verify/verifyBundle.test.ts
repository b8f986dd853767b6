import fc from 'fast-check';
import { testKey, TestChain } from '../../testUtils';
import {
  bytes,
  changed,
  CHECKPOINTS,
  edit,
  keptAt,
  key,
  lines,
  original,
  SIZE,
  verify,
} from './__testUtils__/sampleBundle';
import { BundleVerification, verifyBundle } from './verifyBundle';

describe('verifyBundle', () => {
  it('confirms a chain up to its last checkpoint, and says what it cannot tell', async () => {
    const report = await verify(lines);
    expect(report).toEqual({
      ok: true,
      chains: [
        {
          ok: true,
          origin: 'portal.example.com',
          chain: 'aurora',
          kind: 'complete',
          entries: SIZE,
          size: SIZE,
          pruned: 0,
          confirmed: 590,
          checkpoints: 4,
          keptCheckpoints: 0,
          disclosures: 1,
          remarks: [
            expect.stringContaining('Entries 591 to 600 are newer'),
            expect.stringContaining('No checkpoint that was kept'),
          ],
        },
      ],
    });
  });

  it('compares with kept checkpoints, also between those of the bundle', async () => {
    const report = await verify(lines, {
      keptCheckpoints: [keptAt(77), keptAt(300), keptAt(590)],
    });
    expect(report.ok).toBe(true);
    expect(report.chains[0].remarks).toEqual([
      expect.stringContaining('Entries 591 to 600 are newer'),
    ]);
  });

  it('takes a checkpoint that was kept after the export for the newest', async () => {
    const report = await verify(original.bundle({ checkpoints: [100] }), {
      keptCheckpoints: [keptAt(SIZE)],
    });
    expect(report.ok).toBe(true);
    expect(report.chains[0]).toMatchObject({ confirmed: SIZE, remarks: [] });
  });

  it('reads bytes in pieces of any size', async () => {
    const small = new TestChain({ size: 7 }).bundle({ checkpoints: [7] });
    const text = `${small.join('\n')}\n`;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 3000 }), async size => {
        const report = await verifyBundle(bytes(text, size), {
          keys: [key.verifier],
        });
        expect(report.ok).toBe(true);
        expect(report.chains[0].confirmed).toBe(7);
      }),
      { numRuns: 30 },
    );
  });

  it('verifies what is left of a pruned chain', async () => {
    for (const checkpoints of [CHECKPOINTS, [512, 600], [600]]) {
      const report = await verify(
        original.bundle({ checkpoints, pruned: 512 }),
        { keptCheckpoints: [keptAt(512), keptAt(256), keptAt(31)] },
      );
      expect(report.problem).toBeUndefined();
      expect(report.chains[0]).toMatchObject({
        entries: 88,
        pruned: 512,
        confirmed: checkpoints.at(-1),
      });
      expect(report.chains[0].remarks.join()).toContain(
        'Entries 1 to 512 were pruned',
      );
    }
  });

  it('verifies a selection by its proofs', async () => {
    const picked = [1, 2, 99, 100, 101, 512, 590, 595];
    const report = await verify(await original.selection(picked, CHECKPOINTS));
    expect(report.problem).toBeUndefined();
    expect(report.chains[0]).toMatchObject({
      kind: 'selection',
      entries: 8,
      confirmed: 7,
    });
    expect(report.chains[0].remarks).toEqual([
      expect.stringContaining('does not show which other entries'),
      expect.stringContaining('1 of 8 entries are newer'),
      expect.stringContaining('No checkpoint that was kept'),
    ]);
  });

  it('verifies an empty chain, one without checkpoints, and one of a single entry', async () => {
    const empty = await verify(new TestChain().bundle());
    expect(empty).toMatchObject({ ok: true, chains: [{ confirmed: 0 }] });
    const unsigned = await verify(new TestChain({ size: 3 }).bundle());
    expect(unsigned).toMatchObject({ ok: true, chains: [{ confirmed: 0 }] });
    const one = new TestChain({ size: 1 }).bundle({ checkpoints: [1] });
    expect(await verify(one)).toMatchObject({
      ok: true,
      chains: [{ confirmed: 1 }],
    });
  });

  it('follows keys from the one that is trusted, and from no other', async () => {
    const chain = new TestChain({ size: 20 });
    const first = chain.checkpointLine(10);
    chain.keys.push(testKey(2), testKey(3));
    const bundle = chain.bundle({ checkpoints: [20] });
    bundle.splice(4, 0, first);
    expect((await verify(bundle)).problem).toBeUndefined();
    // Who trusts the newest key only cannot check what older ones signed.
    const late = await verify(bundle, { keys: [testKey(3).verifier] });
    expect(late.problem).toMatchObject({ kind: 'key' });
    const both = await verify(bundle, {
      keys: [testKey(3).verifier, testKey(1).verifier],
    });
    expect(both.ok).toBe(true);
  });

  it('verifies several chains in one file, and goes on behind a broken one', async () => {
    const borealis = new TestChain({ chain: 'borealis', size: 30 });
    const good = borealis.bundle({ checkpoints: [30] });
    const all = await verify([...lines, ...good]);
    expect(all.ok).toBe(true);
    expect(all.chains.map(({ chain }) => chain)).toEqual([
      'aurora',
      'borealis',
    ]);

    const broken = await verify([...changed(edit(5)), ...good]);
    expect(broken).toMatchObject({
      ok: false,
      problem: { kind: 'edited', chain: 'aurora', sequence: 5 },
      chains: [{ ok: false }, { ok: true, chain: 'borealis', confirmed: 30 }],
    });
    const torn = await verify([...lines.slice(0, -1), ...good]);
    expect(torn).toMatchObject({
      problem: { kind: 'unfinished', chain: 'aurora' },
      chains: [{ ok: false }, { ok: true }],
    });
  });

  it('finds that two files of one chain differ', async () => {
    const verification = new BundleVerification({ keys: [key.verifier] });
    const other = original.copy().rewriteFrom(200, 'as needed');
    const first = await verification.verify(bytes(`${lines.join('\n')}\n`));
    expect(first.ok).toBe(true);
    const second = await verification.verify(
      bytes(`${other.bundle({ checkpoints: [300, 600] }).join('\n')}\n`),
    );
    expect(second.problem).toMatchObject({ kind: 'fork', sequence: 300 });
  });

  it('names chains that were kept but not given', async () => {
    const borealis = new TestChain({ chain: 'borealis', size: 3 });
    const verification = new BundleVerification({
      keys: [key.verifier],
      keptCheckpoints: [keptAt(100), keptAt(3, borealis)],
    });
    await verification.verify(bytes(`${lines.join('\n')}\n`));
    expect(verification.missingChains).toEqual(['portal.example.com/borealis']);
  });

  it('finds every change of one byte of an entry', async () => {
    const chain = new TestChain({ size: 12 });
    const bundle = chain.bundle({ checkpoints: [8, 12] });
    const first = bundle.findIndex(line => line.startsWith('{"act"'));
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 11 }),
        fc.nat(),
        fc.integer({ min: 0x20, max: 0x7e }),
        async (index, pick, code) => {
          const line = bundle[first + index];
          const place = pick % line.length;
          const edited =
            line.slice(0, place) +
            String.fromCharCode(code) +
            line.slice(place + 1);
          fc.pre(edited !== line);
          const report = await verify(bundle.with(first + index, edited));
          expect(report.problem?.sequence).toBe(index + 1);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('never fails otherwise than with a problem, whatever it reads', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.string(),
            fc.constantFrom(...lines.slice(0, 9), ...lines.slice(-2)),
            fc.json(),
          ),
          { maxLength: 8 },
        ),
        async soup => {
          const report = await verify(soup);
          expect(typeof report.ok).toBe('boolean');
          expect(report.ok).toBe(report.problem === undefined);
        },
      ),
    );
    const notText = await verifyBundle(
      (async function* once() {
        yield Buffer.from([0xff, 0xfe, 0x0a]);
      })(),
      { keys: [] },
    );
    expect(notText.problem?.kind).toBe('malformed');
  });
});
