import { CustomErrorBase } from '@backstage/errors';

/** Somebody has too many of something open; the answer is 429. */
export class TooManyOpenError extends CustomErrorBase {
  override name = 'TooManyOpenError' as const;
  readonly statusCode = 429;
}

/** Counts what each user has open in this process, and all of them together. */
export class Seats {
  readonly #what: string;
  readonly #perUser: number;
  readonly #inAll: number;
  readonly #taken = new Map<string, number>();

  /** @param options - `what` names the things in an error, as in `live views` */
  constructor(options: { what: string; perUser: number; inAll: number }) {
    this.#what = options.what;
    this.#perUser = options.perUser;
    this.#inAll = options.inAll;
  }

  /**
   * Takes a seat.
   *
   * @returns gives it back
   * @throws TooManyOpenError when the user has none left, or nobody has
   */
  take(userRef: string): () => void {
    const mine = this.#taken.get(userRef) ?? 0;
    if (mine >= this.#perUser) {
      throw new TooManyOpenError(
        `You have ${mine} ${
          this.#what
        } of the audit open, which is the most at a time: close one`,
      );
    }
    const all = [...this.#taken.values()].reduce(
      (sum, count) => sum + count,
      0,
    );
    if (all >= this.#inAll) {
      throw new TooManyOpenError(
        `All ${this.#inAll} ${
          this.#what
        } of the audit are taken: try again in a minute`,
      );
    }
    this.#taken.set(userRef, mine + 1);
    let isGiven = false;
    return () => {
      if (isGiven) {
        return;
      }
      isGiven = true;
      const left = (this.#taken.get(userRef) ?? 1) - 1;
      if (left > 0) {
        this.#taken.set(userRef, left);
      } else {
        this.#taken.delete(userRef);
      }
    };
  }
}
