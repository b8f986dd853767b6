import { type Checkpoint, openCheckpoint } from '../checkpoint';
import { openKeyIntroduction } from '../keyIntroduction';
import { parseNote } from '../signedNote';
import {
  formatVerifierKey,
  isSameKey,
  parseVerifierKey,
  type VerifierKey,
} from '../verifierKey';
import { ProblemFound } from './VerificationProblem';

/** The keys that a verifier trusts: the given ones, and those that they introduce. */
export class TrustedKeys {
  readonly #trusted: VerifierKey[];
  /** Named by the bundle, but introduced by none of the trusted ones. */
  readonly #others: VerifierKey[] = [];

  constructor(given: readonly VerifierKey[]) {
    this.#trusted = [...given];
  }

  /**
   * Learns of a key of a bundle. Without an introduction by a trusted key it stays
   * without trust, unless it was given.
   *
   * @throws ProblemFound when its introduction is not right, or it is of another portal
   */
  learn(
    origin: string,
    { key: text, introduction }: { key: string; introduction?: string },
  ): void {
    const key = attempt('malformed', () => parseVerifierKey(text));
    if (key.name !== origin) {
      throw new ProblemFound({
        kind: 'foreign',
        expected: origin,
        found: key.name,
        sentence: `The bundle is of ${origin}, but lists a key of ${key.name}`,
      });
    }
    let isIntroduced = false;
    if (introduction !== undefined) {
      const opened = attempt('introduction', () =>
        openKeyIntroduction(introduction, [...this.#trusted, ...this.#others]),
      );
      if (!isSameKey(opened.key, key)) {
        throw new ProblemFound({
          kind: 'introduction',
          expected: formatVerifierKey(key),
          found: formatVerifierKey(opened.key),
          sentence: 'The introduction of a key introduces another key',
        });
      }
      isIntroduced = this.#trusted.includes(opened.introducedBy);
    }
    if (!this.#trusted.some(known => isSameKey(known, key))) {
      (isIntroduced ? this.#trusted : this.#others).push(key);
    }
  }

  /**
   * Reads a checkpoint that a trusted key signed.
   *
   * @param place - which one it is, for the sentence
   * @throws ProblemFound for any other
   */
  open(note: string, place: string): Checkpoint {
    const { signatures } = attempt('malformed', () => parseNote(note));
    const isKnown = signatures.some(({ name, keyId }) =>
      this.#trusted.some(key => key.name === name && key.id.equals(keyId)),
    );
    if (!isKnown) {
      const [{ name, keyId }] = signatures;
      throw new ProblemFound({
        kind: 'key',
        expected: this.#trusted.map(describe).join(' or ') || 'a trusted key',
        found: `${name}+${keyId.toString('hex')}`,
        sentence: `${place} is signed by a key that is not trusted: the chain was signed anew with another key, or an older key of the portal has to be given as well`,
      });
    }
    return attempt(
      'signature',
      () => openCheckpoint(note, this.#trusted).checkpoint,
      `${place} is not what was signed`,
    );
  }
}

function describe({ name, id }: VerifierKey): string {
  return `${name}+${id.toString('hex')}`;
}

function attempt<T>(
  kind: 'malformed' | 'introduction' | 'signature',
  read: () => T,
  preface?: string,
): T {
  try {
    return read();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ProblemFound({
      kind,
      sentence: preface ? `${preface}: ${reason}` : reason,
    });
  }
}
