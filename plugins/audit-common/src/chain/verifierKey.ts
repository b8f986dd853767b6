import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { InputError } from '@backstage/errors';
import { parseBase64 } from './base64';
import { sha256 } from './sha256';

/** The signature type "Ed25519" of signed notes. */
const ED25519 = 1;
const KEY_BYTES = 32;
/** What precedes the 32 bytes of an Ed25519 key in SubjectPublicKeyInfo. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** A public key that checks signed notes. */
export interface VerifierKey {
  /** Name of the portal's log: its origin. */
  name: string;
  /** The 32 bytes of the Ed25519 key. */
  publicKey: Buffer;
  /** First four bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key). */
  id: Buffer;
  /** Tells whether the key signed a text. */
  verifies(text: string, signature: Buffer): boolean;
}

/** @throws InputError for a name that notes cannot carry */
export function createVerifierKey(
  name: string,
  publicKey: Buffer,
): VerifierKey {
  checkKeyName(name);
  if (publicKey.length !== KEY_BYTES) {
    throw new InputError(
      `An Ed25519 key has ${KEY_BYTES} bytes, not ${publicKey.length}`,
    );
  }
  const key = toKeyObject(publicKey);
  return {
    name,
    publicKey,
    id: sha256(
      Buffer.concat([Buffer.from(`${name}\n`), typed(publicKey)]),
    ).subarray(0, 4),
    verifies: (text, signature) =>
      verify(undefined, Buffer.from(text), key, signature),
  };
}

/** The text form: `<name>+<key id in hexadecimal>+<base64 of 0x01 and the key>`. */
export function formatVerifierKey({
  name,
  id,
  publicKey,
}: VerifierKey): string {
  return `${name}+${id.toString('hex')}+${typed(publicKey).toString('base64')}`;
}

/**
 * Reads the text form of a verifier key.
 *
 * @throws InputError when it is malformed, or its id is not the one of its key
 */
export function parseVerifierKey(text: string): VerifierKey {
  // Base64 itself may contain "+".
  const [name, id, ...rest] = text.trim().split('+');
  if (!id || rest.length === 0) {
    throw new InputError(
      'A verifier key must have the form <name>+<key id>+<base64 of the key>',
    );
  }
  const bytes = parseBase64(rest.join('+'), 1 + KEY_BYTES);
  if (bytes[0] !== ED25519) {
    throw new InputError(
      `The verifier key of ${name} is of type ${bytes[0]}, expected 1 (Ed25519)`,
    );
  }
  const key = createVerifierKey(name, bytes.subarray(1));
  if (key.id.toString('hex') !== id) {
    throw new InputError(
      `The verifier key of ${name} has the id ${key.id.toString(
        'hex',
      )}, but says ${id.slice(0, 16)}: it was not copied whole`,
    );
  }
  return key;
}

/** Tells whether two keys are the same, of the same name. */
export function isSameKey(left: VerifierKey, right: VerifierKey): boolean {
  return left.name === right.name && left.publicKey.equals(right.publicKey);
}

function checkKeyName(name: string): void {
  if (!/^[^\s+\p{Cc}]{1,250}$/u.test(name)) {
    throw new InputError(
      `The origin "${name.slice(
        0,
        80,
      )}" must be 1 to 250 characters without spaces and "+", such as portal.example.com`,
    );
  }
}

function typed(publicKey: Buffer): Buffer {
  return Buffer.concat([Buffer.from([ED25519]), publicKey]);
}

function toKeyObject(publicKey: Buffer): KeyObject {
  return createPublicKey({
    key: Buffer.concat([SPKI_PREFIX, publicKey]),
    format: 'der',
    type: 'spki',
  });
}
