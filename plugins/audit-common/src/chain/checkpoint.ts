import { InputError } from '@backstage/errors';
import { z } from 'zod';
import { digestSchema } from '../digest';
import { chainSchema } from '../entry';
import { parseBase64 } from './base64';
import { openNote, parseNote, signNote } from './signedNote';
import { type SigningKey } from './signingKey';
import { type VerifierKey } from './verifierKey';

const HASH_BYTES = 32;
const LINES =
  /^(?<origin>[^\s+]+)\/(?<chain>[^\s/]+)\n(?<size>[1-9][0-9]{0,14})\n(?<root>[A-Za-z0-9+/=]+)\nhead (?<head>\S+)\ntime (?<time>\S+)\n$/;

const fieldsSchema = z.object({
  origin: z.string(),
  chain: chainSchema,
  size: z.coerce.number().int().positive(),
  root: z.string().transform(text => parseBase64(text, HASH_BYTES)),
  head: digestSchema,
  time: z.iso.datetime(),
});

/** The state of a chain at a time, as the portal signs it. */
export interface Checkpoint {
  origin: string;
  chain: string;
  /** Number of entries. */
  size: number;
  /** Root of the Merkle tree over their hashes. */
  root: Buffer;
  /** Hash of the last of them, in text form. */
  head: string;
  /** ISO 8601, UTC. */
  time: string;
}

/** The text of a checkpoint: C2SP tlog-checkpoint with `head` and `time` behind. */
export function formatCheckpoint(checkpoint: Checkpoint): string {
  const { origin, chain, size, root, head, time } = checkpoint;
  const text = `${origin}/${chain}\n${size}\n${root.toString(
    'base64',
  )}\nhead ${head}\ntime ${time}\n`;
  // What nobody could read must not be signed.
  parseCheckpoint(text);
  return text;
}

/**
 * Reads the text of a checkpoint, without its signatures.
 *
 * @throws InputError when it is malformed
 */
export function parseCheckpoint(text: string): Checkpoint {
  const fields = fieldsSchema.safeParse(LINES.exec(text)?.groups ?? {});
  if (!fields.success) {
    throw new InputError(
      'A checkpoint must have the lines <origin>/<chain>, size, root, head and time',
    );
  }
  return fields.data;
}

/** The signed note of a checkpoint. */
export function signCheckpoint(
  checkpoint: Checkpoint,
  key: SigningKey,
): string {
  return signNote(formatCheckpoint(checkpoint), [key]);
}

/**
 * Checks the signature of a checkpoint's note and reads it.
 *
 * @throws InputError when no key of these signed it, or it is malformed
 */
export function openCheckpoint(
  note: string,
  keys: readonly VerifierKey[],
): { checkpoint: Checkpoint; signer: VerifierKey } {
  const { text, signers } = openNote(note, keys);
  const checkpoint = parseCheckpoint(text);
  const signer = signers.find(({ name }) => name === checkpoint.origin);
  if (!signer) {
    throw new InputError(
      `The checkpoint of ${checkpoint.origin} is signed by ${signers[0].name}, not by the key of its own origin`,
    );
  }
  return { checkpoint, signer };
}

/**
 * Reads a checkpoint's note without checking who signed it.
 *
 * @throws InputError when it is malformed
 */
export function readUnverifiedCheckpoint(note: string): Checkpoint {
  return parseCheckpoint(parseNote(note).text);
}
