import fc from 'fast-check';
import { parseScimFilter } from './scimFilter';

describe('parseScimFilter', () => {
  it('reads back any comparisons', () => {
    const attribute = fc.constantFrom('userName', 'externalId', 'emails.value');
    const comparison = fc.record({
      attribute,
      value: fc.oneof(fc.string(), fc.boolean()),
      space: fc.constantFrom(' ', '  ', '\t'),
    });
    fc.assert(
      fc.property(
        fc.array(comparison, { minLength: 1, maxLength: 10 }),
        comparisons => {
          const text = comparisons
            .map(one =>
              [one.attribute, 'eq', JSON.stringify(one.value)].join(one.space),
            )
            .join(' AND ');
          expect(parseScimFilter(text)).toEqual(
            comparisons.map(one => ({
              attribute: one.attribute.toLowerCase(),
              value: one.value,
            })),
          );
        },
      ),
    );
  });

  it('takes the URN of a core schema for what it is', () => {
    expect(
      parseScimFilter(
        'urn:ietf:params:scim:schemas:core:2.0:User:userName eq "kim"',
      ),
    ).toEqual([{ attribute: 'username', value: 'kim' }]);
  });

  it.each([
    '',
    'userName',
    'userName co "a"',
    'userName eq a',
    'userName eq "a',
    'userName eq "a" or externalId eq "b"',
    'userName eq "a" and ',
    'userName eq "a" and externalId pr',
    'not (userName eq "a")',
    'userName eq "\\x"',
    `userName eq "${'a'.repeat(2_000)}"`,
    Array.from({ length: 11 }, () => 'id eq "a"').join(' and '),
  ])('refuses %s', text => {
    expect(() => parseScimFilter(text)).toThrow(
      expect.objectContaining({ status: 400, scimType: 'invalidFilter' }),
    );
  });
});
