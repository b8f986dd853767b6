import { auditEntrySchema } from '../entry';
import { personal } from '../personal';
import { chainEntry } from './chainEntry';
import { commit, newSalt } from './commitment';
import { digestText, parseDigest } from './digestText';
import { entryHash } from './entryHash';
import { genesisHash } from './genesisHash';
import { commitmentsOf, personalDataOf, replacePersonal } from './personalData';
import { sha256 } from './sha256';

const kim = 'user:aurora/kim';
const salt = Buffer.alloc(32, 1);
const draft = {
  chain: 'aurora',
  act: 'tenancy.member.add',
  severity: 'medium' as const,
  outcome: 'succeeded' as const,
  actor: { kind: 'person' as const, ref: personal(kim, kim) },
  subject: { kind: 'member', ref: personal(kim, kim) },
  reason: personal(kim, 'Größe "L"'),
  details: { names: [{ $personal: { of: kim, value: 'Kim' } }], roles: ['a'] },
};
const place = {
  id: '7d4a4f1e-1111-4222-8333-444444444444',
  occurredAt: new Date('2026-11-21T14:00:00Z'),
  sequence: 1,
  previous: genesisHash('portal.example.com', 'aurora'),
};

describe('chainEntry', () => {
  it('puts a draft into the chain without its personal data', () => {
    expect(personalDataOf(draft).map(({ value }) => value)).toEqual([
      kim,
      kim,
      'Größe "L"',
      'Kim',
    ]);
    const committed = replacePersonal(draft, datum =>
      digestText(commit(salt, datum)),
    );
    const { entry, text, hash } = chainEntry({ draft: committed, ...place });

    expect(auditEntrySchema.parse(JSON.parse(text))).toEqual(entry);
    expect(text).not.toMatch(/kim|Kim|Größe/);
    expect(commitmentsOf(entry)).toHaveLength(3);
    // The words of the decision, byte by byte.
    expect(hash).toEqual(
      sha256(Buffer.concat([Buffer.from([0]), Buffer.from(text, 'utf8')])),
    );
    expect(hash).toEqual(entryHash(Buffer.from(text)));
    expect(parseDigest(entry.previous)).toEqual(place.previous);
    expect(parseDigest(commitmentsOf(entry)[0])).toEqual(
      sha256(
        Buffer.concat([salt, Buffer.from(`{"of":"${kim}","value":"${kim}"}`)]),
      ),
    );
  });

  it('refuses what is too large, and what has no canonical form', () => {
    const plain = { ...replacePersonal(draft, () => digestText(salt)) };
    const large = { ...plain, details: { text: 'ü'.repeat(33_000) } };
    expect(() => chainEntry({ draft: large, ...place })).toThrow(
      /has 66\d{3} bytes, at most 65536/,
    );
    const broken = { ...plain, details: { text: '\ud800' } };
    expect(() => chainEntry({ draft: broken, ...place })).toThrow(
      'half a character',
    );
  });

  it('salts each commitment anew', () => {
    expect(newSalt()).toHaveLength(32);
    const datum = { of: kim, value: kim };
    expect(commit(newSalt(), datum)).not.toEqual(commit(newSalt(), datum));
  });

  it.each(['', 'sha256:', `sha256:${'A'.repeat(64)}`, `md5:${'a'.repeat(64)}`])(
    'refuses the digest "%s"',
    text => expect(() => parseDigest(text)).toThrow('is no digest'),
  );
});
