import { createPublicKey, verify } from 'node:crypto';
import fc from 'fast-check';
import {
  type Checkpoint,
  openCheckpoint,
  parseCheckpoint,
  signCheckpoint,
} from './checkpoint';
import { genesisHash } from './genesisHash';
import { introduceKey, openKeyIntroduction } from './keyIntroduction';
import { openNote, signNote } from './signedNote';
import { createSigningKey } from './signingKey';
import { formatVerifierKey, parseVerifierKey } from './verifierKey';

const seedOf = (byte: number) => Buffer.alloc(32, byte).toString('base64');
const origin = 'portal.example.com';
const key = createSigningKey(origin, seedOf(1));
const other = createSigningKey(origin, seedOf(2));
const third = createSigningKey(origin, seedOf(3));

const checkpoint: Checkpoint = {
  origin,
  chain: 'aurora',
  size: 1000,
  root: Buffer.alloc(32, 7),
  head: `sha256:${'ab'.repeat(32)}`,
  time: '2026-11-21T14:00:00.000Z',
};

describe('verifier keys', () => {
  it('keeps a key through its text form and refuses what was not copied whole', () => {
    const text = formatVerifierKey(key.verifier);
    expect(text).toMatch(
      /^portal\.example\.com\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$/,
    );
    expect(parseVerifierKey(`${text}\n`).publicKey).toEqual(
      key.verifier.publicKey,
    );
    for (const wrong of [
      '',
      'portal.example.com',
      text.slice(0, -4),
      text.replace('portal', 'porta1'),
      text.replace(/\+[0-9a-f]{8}\+/, '+00000000+'),
      text.replace(/\+A/, '+B'),
    ]) {
      expect(wrong).not.toBe(text);
      expect(() => parseVerifierKey(wrong)).toThrow();
    }
  });

  it('refuses a seed without telling it', () => {
    const seed = Buffer.alloc(31, 9).toString('base64');
    for (const wrong of [seed, 'no base64', '', `${seedOf(1)}x`]) {
      expect(() => createSigningKey(origin, wrong)).toThrow(
        /^A signing key of the audit must be 32 bytes in base64: make one with openssl rand -base64 32$/,
      );
    }
    expect(JSON.stringify(key)).not.toContain(seedOf(1));
    expect(() => createSigningKey('two words', seedOf(1))).toThrow(
      'without spaces',
    );
  });
});

describe('signed notes', () => {
  it('are Ed25519 over the text and nothing else', () => {
    const note = signNote('one\ntwo\n', [key]);
    const [, base64] = /\n\n— portal\.example\.com (\S+)\n$/.exec(note) ?? [];
    const bytes = Buffer.from(base64, 'base64');
    expect(bytes.subarray(0, 4)).toEqual(key.verifier.id);
    const spki = Buffer.concat([
      Buffer.from('302a300506032b6570032100', 'hex'),
      key.verifier.publicKey,
    ]);
    expect(
      verify(
        undefined,
        Buffer.from('one\ntwo\n'),
        createPublicKey({ key: spki, format: 'der', type: 'spki' }),
        bytes.subarray(4),
      ),
    ).toBe(true);
  });

  it('open for a known key, whoever else signed', () => {
    const note = signNote('text\n', [third, key]);
    expect(openNote(note, [key.verifier, other.verifier])).toEqual({
      text: 'text\n',
      signers: [key.verifier],
    });
    expect(() => openNote(note, [other.verifier])).toThrow('is not trusted');
    expect(() => openNote(note, [])).toThrow('expected no key');
  });

  it('do not open after any change of one character', () => {
    const note = signNote('portal\n17\nroot\n', [key]);
    fc.assert(
      fc.property(
        fc.nat({ max: note.length - 1 }),
        fc.constantFrom('a', '\n', ' ', '0', '—', ''),
        (index, character) => {
          const changed =
            note.slice(0, index) + character + note.slice(index + 1);
          fc.pre(changed !== note);
          expect(() => openNote(changed, [key.verifier])).toThrow();
        },
      ),
    );
  });

  it('refuse what is malformed or too large', () => {
    const good = signNote('text\n', [key]);
    for (const wrong of [
      '',
      'text\n',
      good.slice(0, -1),
      `${good}\n`,
      good.replace('—', '-'),
      `${'x'.repeat(70_000)}\n\n— a b\n`,
      signNote('text\n', Array(17).fill(key)),
    ]) {
      expect(() => openNote(wrong, [key.verifier])).toThrow();
    }
    expect(() => signNote('no newline', [key])).toThrow('newline');
    expect(() => signNote('tab\t\n', [key])).toThrow('control');
  });
});

describe('checkpoints', () => {
  it('keep what they say, in the form of a tlog checkpoint', () => {
    const note = signCheckpoint(checkpoint, key);
    expect(note.split('\n').slice(0, 6)).toEqual([
      'portal.example.com/aurora',
      '1000',
      checkpoint.root.toString('base64'),
      `head ${checkpoint.head}`,
      'time 2026-11-21T14:00:00.000Z',
      '',
    ]);
    expect(openCheckpoint(note, [key.verifier])).toEqual({
      checkpoint,
      signer: key.verifier,
    });
    expect(() => openCheckpoint(note, [other.verifier])).toThrow('not trusted');
  });

  it('are not signed by the key of another origin', () => {
    const stranger = createSigningKey('else.example.com', seedOf(1));
    const note = signCheckpoint(checkpoint, stranger);
    expect(() => openCheckpoint(note, [stranger.verifier])).toThrow(
      'not by the key of its own origin',
    );
  });

  it.each([
    ['no size', { size: 0 }],
    ['half an entry', { size: 1.5 }],
    ['a short root', { root: Buffer.alloc(31) }],
    ['an upper-case chain', { chain: 'Aurora' }],
    ['no time', { time: 'yesterday' }],
    ['another head', { head: 'md5:00' }],
    ['a line more', { origin: 'a\nb' }],
  ])('are not made with %s', (_name, part) => {
    expect(() => signCheckpoint({ ...checkpoint, ...part }, key)).toThrow();
  });

  it('are read in one form only', () => {
    const text = signCheckpoint(checkpoint, key).split('\n\n')[0];
    expect(parseCheckpoint(`${text}\n`)).toEqual(checkpoint);
    expect(() => parseCheckpoint(`${text}\nmore\n`)).toThrow();
    expect(() =>
      parseCheckpoint(`${text}\n`.replace('1000', '01000')),
    ).toThrow();
    expect(() => parseCheckpoint(`${text}\n`.replace('1000', '1e3'))).toThrow();
  });
});

describe('introductions of keys', () => {
  const time = new Date('2026-11-21T14:00:00Z');
  const note = introduceKey({ previous: key, next: other, time });

  it('hand trust on from a trusted key', () => {
    const opened = openKeyIntroduction(note, [key.verifier]);
    expect(opened.key.publicKey).toEqual(other.verifier.publicKey);
    expect(opened.introducedBy).toBe(key.verifier);
    expect(opened.time).toBe('2026-11-21T14:00:00.000Z');
  });

  it('need both signatures, the old one of a trusted key', () => {
    const [text] = note.split('\n\n');
    expect(() => openKeyIntroduction(note, [third.verifier])).toThrow(
      'no trusted key',
    );
    expect(() => openKeyIntroduction(note, [other.verifier])).toThrow(
      'no trusted key',
    );
    expect(() =>
      openKeyIntroduction(signNote(`${text}\n`, [key]), [key.verifier]),
    ).toThrow('did not sign its own');
    expect(() =>
      openKeyIntroduction(signNote(`${text}\n`, [third, other]), [
        key.verifier,
      ]),
    ).toThrow('no trusted key');
    expect(() =>
      openKeyIntroduction(signCheckpoint(checkpoint, key), [key.verifier]),
    ).toThrow('must have the lines');
  });
});

it('ties the first entry to portal and chain', () => {
  const hashes = [
    genesisHash('a.example', 'aurora'),
    genesisHash('b.example', 'aurora'),
    genesisHash('a.example', 'borealis'),
  ].map(hash => hash.toString('hex'));
  expect(new Set(hashes).size).toBe(3);
});
