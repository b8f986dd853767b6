import { InputError } from '@backstage/errors';
import { parseBase64 } from './base64';
import { type SigningKey } from './signingKey';
import { type VerifierKey } from './verifierKey';

const MAXIMUM_NOTE_BYTES = 64 * 1024;
const MAXIMUM_SIGNATURES = 16;
const KEY_ID_BYTES = 4;
const SIGNATURE_LINE = /^— ([^\s+]+) ([A-Za-z0-9+/=]+)$/u;

/** A signed note, taken apart; nothing is checked yet. */
export interface SignedNote {
  /** With the newline at its end. */
  text: string;
  signatures: Array<{ name: string; keyId: Buffer; signature: Buffer }>;
}

/**
 * Signs a text in the form of C2SP signed-note: the text, an empty line, and a line
 * `— <name> <base64 of key id and signature>` of each key.
 *
 * @throws InputError for a text that does not end with a newline
 */
export function signNote(text: string, keys: readonly SigningKey[]): string {
  checkText(text);
  const lines = keys.map(key => {
    const { name, id } = key.verifier;
    const bytes = Buffer.concat([id, key.sign(text)]);
    return `— ${name} ${bytes.toString('base64')}\n`;
  });
  return `${text}\n${lines.join('')}`;
}

/**
 * Takes a signed note apart.
 *
 * @throws InputError when it is malformed
 */
export function parseNote(note: string): SignedNote {
  if (Buffer.byteLength(note) > MAXIMUM_NOTE_BYTES) {
    throw new InputError(
      `A signed note has at most ${MAXIMUM_NOTE_BYTES} bytes`,
    );
  }
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) {
    throw new InputError(
      'A signed note must consist of a text, an empty line and signatures',
    );
  }
  const text = note.slice(0, end + 1);
  checkText(text);
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > MAXIMUM_SIGNATURES) {
    throw new InputError(
      `A signed note has at most ${MAXIMUM_SIGNATURES} signatures`,
    );
  }
  return { text, signatures: lines.map(parseSignature) };
}

/**
 * Checks a signed note. Signatures of unknown keys count for nothing; one that names a
 * known key and does not fit spoils the note.
 *
 * @returns the text, and the keys that signed it: at least one
 * @throws InputError when no key of these signed it
 */
export function openNote(
  note: string,
  keys: readonly VerifierKey[],
): { text: string; signers: VerifierKey[] } {
  const { text, signatures } = parseNote(note);
  const signers: VerifierKey[] = [];
  for (const { name, keyId, signature } of signatures) {
    const key = keys.find(
      known => known.name === name && known.id.equals(keyId),
    );
    if (key && !key.verifies(text, signature)) {
      throw new InputError(
        `The note carries the id of the key ${describe(
          name,
          keyId,
        )}, but the signature is not the key's`,
      );
    }
    if (key && !signers.includes(key)) {
      signers.push(key);
    }
  }
  if (signers.length === 0) {
    const [first] = signatures;
    throw new InputError(
      `The note is signed by the key ${describe(
        first.name,
        first.keyId,
      )}, which is not trusted: expected ${
        keys.map(key => describe(key.name, key.id)).join(' or ') || 'no key'
      }`,
    );
  }
  return { text, signers };
}

function parseSignature(line: string) {
  const [, name, base64] = SIGNATURE_LINE.exec(line) ?? [];
  if (!name) {
    throw new InputError('A line of signature of a signed note is malformed');
  }
  const bytes = parseBase64(base64);
  if (bytes.length <= KEY_ID_BYTES) {
    throw new InputError('A signature of a signed note is too short');
  }
  return {
    name,
    keyId: bytes.subarray(0, KEY_ID_BYTES),
    signature: bytes.subarray(KEY_ID_BYTES),
  };
}

function checkText(text: string): void {
  if (
    !text.endsWith('\n') ||
    !/^[^\p{Cc}\p{Cs}]*$/u.test(text.replaceAll('\n', ''))
  ) {
    throw new InputError(
      'The text of a signed note must end with a newline and have no control characters',
    );
  }
}

function describe(name: string, keyId: Buffer): string {
  return `${name}+${keyId.toString('hex')}`;
}
