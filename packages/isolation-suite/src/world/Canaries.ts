import { createHash } from 'node:crypto';

const FIRST = 'cnry';

/**
 * The words that stand in everything that a tenant has. Each begins with the stem of its
 * tenant, which exists nowhere else, and ends with a number for the place it was put in.
 */
export class Canaries {
  readonly #places: string[] = [];

  /** @param seed - the same seed gives the same stem */
  static of(seed: string, tenant: string): Canaries {
    const digest = createHash('sha256').update(`${seed}/${tenant}`).digest();
    // Letters only after the first part, so that it fits into every kind of name.
    const letters = [...digest.subarray(0, 8)]
      .map(byte => String.fromCharCode(97 + (byte % 26)))
      .join('');
    return new Canaries(`${FIRST}${letters}`);
  }

  private constructor(
    /** Lower-case letters, fit for every kind of name. */
    readonly stem: string,
  ) {}

  /** A word for one place, such as `component description`. */
  in(place: string): string {
    this.#places.push(place);
    return `${this.stem}${this.#places.length}`;
  }

  /** The places that got a word, in order of their numbers. */
  get places(): readonly string[] {
    return this.#places;
  }

  /** Where a word stands that was found where it should not be. */
  placeOf(word: string): string {
    const number = Number(word.slice(this.stem.length));
    return this.#places[number - 1] ?? 'a name';
  }
}
