import { randomBytes } from 'node:crypto';
import { type PersonalValue } from '../personal';
import { canonicalJson } from './canonicalJson';
import { sha256 } from './sha256';

const SALT_BYTES = 32;

/** Fewer could be guessed together with the value. */
export const LEAST_SALT_BYTES = 16;

/** A fresh salt; destroy it, and nobody can tell what a commitment stands for. */
export function newSalt(): Buffer {
  return randomBytes(SALT_BYTES);
}

/** The digest that stands for a personal datum: SHA-256(salt ‖ canonical `{of,value}`). */
export function commit(
  salt: Uint8Array,
  { of, value }: PersonalValue['$personal'],
): Buffer {
  return sha256(
    Buffer.concat([salt, Buffer.from(canonicalJson({ of, value }))]),
  );
}
