import fc from 'fast-check';
import { type JsonValue } from '@backstage/types';
import { canonicalJson } from '../canonicalJson';
import { readEntryLine } from './readEntryLine';

const digest = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map(bytes => `sha256:${Buffer.from(bytes).toString('hex')}`);
const nasty = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    '"',
    '\\',
    '\\"',
    ',"previous":"sha256:',
    '","sequence":5,"severity":"low","subject":{"kind":"a","ref":"b"},"version":1}',
  ),
);
const text = fc.oneof(
  nasty,
  digest.map($personal => ({ $personal })),
);
const optional = <T>(value: fc.Arbitrary<T>) =>
  fc.option(value, { nil: undefined });
const deep = fc.dictionary(
  fc.constantFrom('previous', 'sequence', 'chain', 'x', 'a","previous'),
  fc.oneof(nasty, digest, fc.integer(), fc.jsonValue(), text),
);

const entry = fc.record({
  act: fc.constantFrom('tenancy.member.add', 'a.b'),
  actor: fc.record(
    { kind: fc.constantFrom('person', 'anonymous'), ref: text },
    { requiredKeys: ['kind'] },
  ),
  chain: fc.constantFrom('aurora', 'default'),
  change: optional(fc.record({ before: deep, after: deep })),
  correlation: optional(nasty),
  details: optional(deep),
  onBehalfOf: optional(text),
  payloadDigest: optional(digest),
  previous: digest,
  reason: optional(text),
  requestId: optional(nasty),
  sequence: fc.integer({ min: 1, max: 2 ** 45 }),
  severity: fc.constantFrom('low', 'critical'),
  sourceAddress: optional(text),
  subject: fc.record({ kind: fc.constant('member'), ref: text }),
  version: fc.constant(1),
});

describe('readEntryLine', () => {
  it('reads from any entry what parsing the whole line does', () => {
    fc.assert(
      fc.property(entry, value => {
        const line = canonicalJson(value as JsonValue);
        const { chain, sequence, previous } = JSON.parse(line);
        expect(readEntryLine(line)).toEqual({ chain, sequence, previous });
      }),
      { numRuns: 2000 },
    );
  });

  it('reads entries that are written otherwise, and nothing else', () => {
    const previous = `sha256:${'0'.repeat(64)}`;
    const place = { sequence: 5, chain: 'aurora', previous };
    expect(readEntryLine(JSON.stringify(place))).toEqual(place);
    for (const line of [
      '',
      'x',
      'null',
      '[]',
      '{}',
      JSON.stringify({ ...place, sequence: 0 }),
      JSON.stringify({ ...place, sequence: '5' }),
      JSON.stringify({ ...place, previous: 'md5' }),
      JSON.stringify({ ...place, details: 'x'.repeat(70_000) }),
    ]) {
      expect(readEntryLine(line)).toBeUndefined();
    }
  });
});
