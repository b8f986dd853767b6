import fc from 'fast-check';
import { type JsonValue } from '@backstage/types';
import { canonicalJson } from './canonicalJson';

/** Another way to the same: sort with a comparison of code units, then stringify. */
function naive(value: JsonValue): string {
  const sorted = (part: JsonValue): JsonValue => {
    if (Array.isArray(part)) {
      return part.map(sorted);
    }
    if (part === null || typeof part !== 'object') {
      return part;
    }
    const result: Record<string, JsonValue> = Object.create(null);
    for (const key of Object.keys(part).sort()) {
      const member = part[key];
      if (member !== undefined) {
        result[key] = sorted(member);
      }
    }
    return result;
  };
  return JSON.stringify(sorted(value));
}

const json = fc.jsonValue({
  noUnicodeString: false,
}) as fc.Arbitrary<JsonValue>;

describe('canonicalJson', () => {
  it('writes the examples of RFC 8785', () => {
    expect(
      canonicalJson({
        numbers: [
          333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001,
        ],
        string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
        literals: [null, true, false],
      }),
    ).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
    // Section 3.2.3: keys by UTF-16 code units.
    const keys = JSON.parse(
      canonicalJson({
        '\u20ac': 'Euro Sign',
        '\r': 'Carriage Return',
        '\ufb33': 'Hebrew Letter Dalet With Dagesh',
        '1': 'One',
        '\ud83d\ude00': 'Emoji: Grinning Face',
        '\u0080': 'Control',
        '\u00f6': 'Latin Small Letter O With Diaeresis',
      })
        .replaceAll(/"([^"]*)":/g, '["$1"],')
        .replace('{', '[')
        .replace('}', ']')
        .replaceAll(/,"[^"]*"(?=,|\])/g, ''),
    ).flat();
    expect(keys).toEqual(['\r', '1', '\u0080', 'ö', '€', '😀', '\ufb33']);
  });

  it.each([
    [0, '0'],
    [-0, '0'],
    [5e-324, '5e-324'],
    [-5e-324, '-5e-324'],
    [1.7976931348623157e308, '1.7976931348623157e+308'],
    [9007199254740992, '9007199254740992'],
    [295147905179352830000, '295147905179352830000'],
    [9.999999999999997e22, '9.999999999999997e+22'],
    [1e23, '1e+23'],
    [1.0000000000000001e23, '1.0000000000000001e+23'],
    [999999999999999700000, '999999999999999700000'],
    [333333333.33333325, '333333333.33333325'],
    [0.0000033333333333333333, '0.0000033333333333333333'],
    [-0.0000033333333333333333, '-0.0000033333333333333333'],
    [1424953923781206.2, '1424953923781206.2'],
  ])('writes the number %p of appendix B', (number, text) => {
    expect(canonicalJson(number)).toBe(text);
  });

  it('gives one text to one value, whatever the order of its keys', () => {
    fc.assert(
      fc.property(json, value => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(text).toBe(canonicalJson(reversed(value)));
      }),
    );
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string({ unit: 'grapheme' }).filter(key => !/^\d+$/.test(key)),
          fc.integer(),
        ),
        value => expect(canonicalJson(value)).toBe(naive(value)),
      ),
    );
  });

  it('refuses what has no canonical form', () => {
    expect(() => canonicalJson(Number.NaN)).toThrow('no canonical JSON');
    expect(() => canonicalJson({ a: Infinity })).toThrow('no canonical JSON');
    expect(() => canonicalJson('\ud800')).toThrow('half a character');
    expect(() => canonicalJson({ '\udc00': 1 })).toThrow('half a character');
    expect(() => canonicalJson(undefined)).toThrow('no canonical JSON');
    expect(canonicalJson({ b: 1, a: undefined })).toBe('{"b":1}');
  });
});

function reversed(value: JsonValue): JsonValue {
  if (Array.isArray(value)) {
    return value.map(reversed);
  }
  return value !== null && typeof value === 'object'
    ? Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, member]) => [key, reversed(member ?? null)]),
      )
    : value;
}
