import { type Turns } from './Turns';

/** So long after a tenant asked for the last time, a turn is kept free for it. */
const RECENT_MILLISECONDS = 5_000;

/**
 * Lets a few requests run at a time over all tenants, for what keeps the database busy.
 * Waiting tenants are served in turn, each in its own order, and while several ask none
 * has the last turn: somebody's short list never waits for the long ones of somebody else.
 *
 * It counts within one process.
 */
export class SharedTurns implements Turns {
  readonly #atOnce: number;
  readonly #now: () => number;
  /** How many run, by tenant. */
  readonly #running = new Map<string, number>();
  /** Whoever was served last comes last. */
  readonly #waiting = new Map<string, Set<() => void>>();
  #latest = { tenant: '', at: -Infinity };
  #latestOther = { tenant: '', at: -Infinity };

  /**
   * @param atOnce - most requests that run at a time
   * @param now - milliseconds of a clock that only goes forward
   */
  constructor(atOnce: number, now: () => number = () => performance.now()) {
    this.#atOnce = atOnce;
    this.#now = now;
  }

  take(tenant: string, given: () => void): () => void {
    this.#asked(tenant);
    let state: 'waits' | 'runs' | 'ended' = 'waits';
    const begin = () => {
      state = 'runs';
      this.#running.set(tenant, this.#count(tenant) + 1);
      given();
    };
    const waiting = this.#waiting.get(tenant) ?? new Set();
    this.#waiting.set(tenant, waiting.add(begin));
    this.#serve();
    return () => {
      if (state === 'runs') {
        this.#leave(tenant);
      } else if (state === 'waits') {
        this.#forget(tenant, begin);
      }
      state = 'ended';
      this.#serve();
    };
  }

  #asked(tenant: string): void {
    if (this.#latest.tenant !== tenant) {
      this.#latestOther = this.#latest;
    }
    this.#latest = { tenant, at: this.#now() };
  }

  #serve(): void {
    let served = true;
    while (served) {
      served = false;
      for (const [tenant, waiting] of this.#waiting) {
        const [next] = waiting;
        if (next && this.#mayRun(tenant)) {
          this.#forget(tenant, next);
          // to the end of the row
          const rest = this.#waiting.get(tenant);
          if (rest) {
            this.#waiting.delete(tenant);
            this.#waiting.set(tenant, rest);
          }
          next();
          served = true;
          break;
        }
      }
    }
  }

  #mayRun(tenant: string): boolean {
    const all = [...this.#running.values()].reduce((sum, one) => sum + one, 0);
    return (
      all < this.#atOnce &&
      (this.#count(tenant) < this.#atOnce - 1 ||
        this.#count(tenant) === 0 ||
        !this.#othersAsk(tenant))
    );
  }

  #othersAsk(tenant: string): boolean {
    const other =
      this.#latest.tenant === tenant ? this.#latestOther : this.#latest;
    return this.#now() - other.at < RECENT_MILLISECONDS;
  }

  #leave(tenant: string): void {
    const left = this.#count(tenant) - 1;
    if (left > 0) {
      this.#running.set(tenant, left);
    } else {
      this.#running.delete(tenant);
    }
  }

  #forget(tenant: string, begin: () => void): void {
    const waiting = this.#waiting.get(tenant);
    waiting?.delete(begin);
    if (waiting?.size === 0) {
      this.#waiting.delete(tenant);
    }
  }

  #count(tenant: string): number {
    return this.#running.get(tenant) ?? 0;
  }
}
