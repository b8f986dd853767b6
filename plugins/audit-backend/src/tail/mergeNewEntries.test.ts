import * as fc from 'fast-check';
import { mergeNewEntries } from './mergeNewEntries';
import { type NewEntry, TAIL_BATCH } from './TailQuery';

const chainOf = (chain: string) =>
  fc
    .array(fc.integer({ min: 0, max: 50 }), { maxLength: TAIL_BATCH })
    .map(times =>
      times.map(
        (time, index): NewEntry => ({
          chain,
          sequence: index + 1,
          occurred_at: new Date(time),
          meets: true,
        }),
      ),
    );

describe('mergeNewEntries', () => {
  it('keeps each chain in its order without gaps, and goes on with each of them', () => {
    fc.assert(
      fc.property(chainOf('a'), chainOf('b'), chainOf('c'), (...chains) => {
        const merged = mergeNewEntries(chains.flat());
        for (const chain of chains) {
          const own = merged.filter(entry => entry.chain === chain[0]?.chain);
          expect(own).toEqual(chain.slice(0, own.length));
        }
        // it always gets on
        expect(merged.length > 0).toBe(chains.flat().length > 0);
      }),
    );
  });

  it('holds back what may be younger than the rest of a full batch', () => {
    const full = Array.from({ length: TAIL_BATCH }, (_, index) => ({
      chain: 'a',
      sequence: index + 1,
      occurred_at: new Date(index),
      meets: true,
    }));
    const later = {
      chain: 'b',
      sequence: 1,
      occurred_at: new Date(TAIL_BATCH + 1),
      meets: true,
    };
    expect(mergeNewEntries([...full, later])).toEqual(full);
    expect(mergeNewEntries([...full.slice(1), later])).toHaveLength(TAIL_BATCH);
  });
});
