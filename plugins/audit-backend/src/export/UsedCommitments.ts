/** Bytes of a commitment that tell it from the others of a chain. */
const TELLING_DIGITS = 12;
const MOST = 2_000_000;

/**
 * Remembers which commitments occur, in little memory: by their first 48 bits. Beyond
 * two million it takes every commitment for one that occurs.
 */
export class UsedCommitments {
  readonly #seen = new Set<number>();
  #isFull = false;

  add(commitment: string): void {
    if (this.#isFull) {
      return;
    }
    this.#seen.add(telling(commitment));
    if (this.#seen.size > MOST) {
      this.#isFull = true;
      this.#seen.clear();
    }
  }

  has(commitment: string): boolean {
    return this.#isFull || this.#seen.has(telling(commitment));
  }
}

function telling(commitment: string): number {
  const start = 'sha256:'.length;
  return Number.parseInt(commitment.slice(start, start + TELLING_DIGITS), 16);
}
