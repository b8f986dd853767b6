import { InputError } from '@backstage/errors';
import { z } from 'zod';
import { openNote, parseNote, signNote } from './signedNote';
import { type SigningKey } from './signingKey';
import {
  formatVerifierKey,
  isSameKey,
  parseVerifierKey,
  type VerifierKey,
} from './verifierKey';

const LINES = /^(?<origin>[^\s+]+)\/keys\n(?<key>\S+)\ntime (?<time>\S+)\n$/;

const fieldsSchema = z.object({
  origin: z.string(),
  key: z.string().transform(parseVerifierKey),
  time: z.iso.datetime(),
});

/**
 * The note in which a key introduces the next one. Both sign it: the old one vouches, the
 * new one shows that whoever introduces it has it.
 */
export function introduceKey(options: {
  previous: SigningKey;
  next: SigningKey;
  time: Date;
}): string {
  const { previous, next, time } = options;
  const text = `${next.verifier.name}/keys\n${formatVerifierKey(
    next.verifier,
  )}\ntime ${time.toISOString()}\n`;
  return signNote(text, [previous, next]);
}

/**
 * Checks the introduction of a key.
 *
 * @param trusted - keys that may introduce another
 * @returns the introduced key, who introduced it, and when
 * @throws InputError unless a trusted key and the new key itself signed it
 */
export function openKeyIntroduction(
  note: string,
  trusted: readonly VerifierKey[],
): { key: VerifierKey; introducedBy: VerifierKey; time: string } {
  const fields = fieldsSchema.safeParse(
    LINES.exec(parseNote(note).text)?.groups ?? {},
  );
  if (!fields.success) {
    throw new InputError(
      'The introduction of a key must have the lines <origin>/keys, the key, and time',
    );
  }
  const { key, origin, time } = fields.data;
  if (key.name !== origin) {
    throw new InputError(
      `The introduction of ${origin} introduces a key of ${key.name}`,
    );
  }
  const others = trusted.filter(known => !isSameKey(known, key));
  const { signers } = openNote(note, [...others, key]);
  const introducedBy = signers.find(
    signer => signer !== key && signer.name === origin,
  );
  if (!introducedBy) {
    throw new InputError(
      `The key ${formatVerifierKey(key)} is introduced by no trusted key`,
    );
  }
  if (!signers.includes(key)) {
    throw new InputError(
      `The key ${formatVerifierKey(key)} did not sign its own introduction`,
    );
  }
  return { key, introducedBy, time };
}
