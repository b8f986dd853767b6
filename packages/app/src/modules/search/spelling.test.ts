import fc from 'fast-check';
import { correctSpelling, editDistance, makeVocabulary } from './spelling';

const vocabulary = makeVocabulary([
  { text: 'order-intake', count: 1 },
  { text: 'Takes orders from the shop and tells the warehouse.', count: 1 },
  { text: 'checkout payments', count: 3 },
]);

const word = fc.stringMatching(/^[a-e]{0,8}$/);

describe('correctSpelling', () => {
  it.each([
    ['chekout', 'checkout'],
    ['cehckout', 'checkout'],
    ['wharehouse', 'warehouse'],
    ['order intkae', 'order intake'],
    ['Paymnets shop', 'payments shop'],
    ['ordr', 'order'],
  ])('makes of %s what is there: %s', (text, expected) => {
    expect(correctSpelling(text, vocabulary)).toBe(expected);
  });

  it.each(['checkout', 'check', 'ware', 'zzzzzz', 'checkout zzzzzz', ''])(
    'leaves %s as it is',
    text => {
      expect(correctSpelling(text, vocabulary)).toBeUndefined();
    },
  );

  it('only ever answers with words that are there', () => {
    fc.assert(
      fc.property(fc.array(word), fc.array(word), (known, text) => {
        const words = makeVocabulary(
          known.map(item => ({ text: item, count: 1 })),
        );
        const corrected = correctSpelling(text.join(' '), words);
        for (const item of corrected?.split(' ') ?? []) {
          expect(
            item.length < 3 || [...words.keys()].some(w => w.startsWith(item)),
          ).toBe(true);
        }
      }),
    );
  });
});

describe('editDistance', () => {
  it('is a distance, and a limit changes no answer below it', () => {
    fc.assert(
      fc.property(word, word, (one, other) => {
        const distance = editDistance(one, other);
        expect(editDistance(other, one)).toBe(distance);
        expect(distance === 0).toBe(one === other);
        expect(distance).toBeLessThanOrEqual(
          Math.max(one.length, other.length),
        );
        const limited = editDistance(one, other, 2);
        expect(distance <= 2 ? limited : limited > 2).toBe(
          distance <= 2 ? distance : true,
        );
      }),
    );
  });

  it('counts a swap of neighbours as one', () => {
    expect(editDistance('intkae', 'intake')).toBe(1);
  });
});
