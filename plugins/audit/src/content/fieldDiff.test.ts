import fc from 'fast-check';
import { fieldDiff, type Json, listDiff } from './fieldDiff';

const json = fc
  .jsonValue({ maxDepth: 3 })
  .map(value => JSON.parse(JSON.stringify(value)) as Json);
const fields = fc.dictionary(
  fc.stringMatching(/^[a-z]{1,5}$/),
  json.filter(value => value !== null),
  { maxKeys: 5 },
);

describe('fieldDiff', () => {
  it('finds no difference between a thing and itself, and the opposite when sides are swapped', () => {
    fc.assert(
      fc.property(fields, fields, (before, after) => {
        expect(
          fieldDiff(before, structuredClone(before)).every(
            ({ kind }) => kind === 'unchanged',
          ),
        ).toBe(true);
        const opposite = { added: 'removed', removed: 'added' } as Record<
          string,
          string
        >;
        const forward = fieldDiff(before, after)
          .map(({ path, kind }) => `${path} ${kind}`)
          .sort();
        const backward = fieldDiff(after, before)
          .map(({ path, kind }) => `${path} ${opposite[kind] ?? kind}`)
          .sort();
        expect(backward).toEqual(forward);
      }),
    );
  });

  it('is empty only where nothing is on either side', () => {
    expect(fieldDiff(undefined, undefined)).toEqual([]);
    expect(fieldDiff(undefined, { a: {} })).toEqual([
      { path: 'a', kind: 'added', after: {} },
    ]);
  });
});

describe('listDiff', () => {
  it('gives every item of both lists to one of kept, removed and added', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(4), { maxLength: 8 }),
        fc.array(fc.nat(4), { maxLength: 8 }),
        (before, after) => {
          const { kept, removed, added } = listDiff(before, after);
          expect([...kept, ...removed].sort()).toEqual([...before].sort());
          expect([...kept, ...added].sort()).toEqual([...after].sort());
          expect(removed.some(item => added.includes(item))).toBe(false);
        },
      ),
    );
  });
});
