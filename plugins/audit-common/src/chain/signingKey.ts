import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { InputError } from '@backstage/errors';
import { parseBase64 } from './base64';
import { createVerifierKey, type VerifierKey } from './verifierKey';

const SEED_BYTES = 32;
/** What precedes the 32 bytes of an Ed25519 seed in PKCS #8. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A private key that signs notes; it does not give its bytes away. */
export interface SigningKey {
  verifier: VerifierKey;
  sign(text: string): Buffer;
}

/**
 * The signing key of a seed, as `openssl rand -base64 32` makes one.
 *
 * @param name - origin of the portal's log
 * @throws InputError when the seed is not 32 bytes in base64; it never quotes it
 */
export function createSigningKey(name: string, seed: string): SigningKey {
  let bytes: Buffer;
  try {
    bytes = parseBase64(seed.trim(), SEED_BYTES);
  } catch {
    throw new InputError(
      'A signing key of the audit must be 32 bytes in base64: make one with openssl rand -base64 32',
    );
  }
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_PREFIX, bytes]),
    format: 'der',
    type: 'pkcs8',
  });
  const spki = createPublicKey(privateKey).export({
    format: 'der',
    type: 'spki',
  });
  return {
    verifier: createVerifierKey(name, spki.subarray(-SEED_BYTES)),
    sign: text => sign(undefined, Buffer.from(text), privateKey),
  };
}
