/** Keys that are remembered; the oldest is forgotten for a new one. */
const MOST_KEYS = 10_000;

interface Tally {
  since: number;
  /** Refusals that no entry tells of yet. */
  silent: number;
}

/**
 * Keeps a flood of refusals out of the audit: one entry per key and minute, which tells
 * how many there were since the one before, and a bound on all keys together.
 *
 * It counts within one process; a portal of several replicas writes one entry each.
 */
export class RefusalTally {
  readonly #tallies = new Map<string, Tally>();
  readonly #now: () => Date;
  readonly #interval: number;
  readonly #mostEntries: number;
  #window = { since: 0, entries: 0 };

  constructor(options: {
    now: () => Date;
    /** Milliseconds between two entries of a key; a minute unless told. */
    interval?: number;
    /** Entries of all keys in an interval; 120 unless told. */
    mostEntries?: number;
  }) {
    this.#now = options.now;
    this.#interval = options.interval ?? 60_000;
    this.#mostEntries = options.mostEntries ?? 120;
  }

  /**
   * Counts a refusal.
   *
   * @returns how many refusals an entry has to tell of now; undefined when none is due
   */
  count(key: string): number | undefined {
    const now = this.#now().getTime();
    if (now - this.#window.since >= this.#interval) {
      this.#window = { since: now, entries: 0 };
    }
    const tally = this.#tallies.get(key);
    if (
      (tally && now - tally.since < this.#interval) ||
      this.#window.entries >= this.#mostEntries
    ) {
      this.#keep(key, {
        since: tally?.since ?? 0,
        silent: (tally?.silent ?? 0) + 1,
      });
      return undefined;
    }
    this.#window.entries += 1;
    this.#keep(key, { since: now, silent: 0 });
    return (tally?.silent ?? 0) + 1;
  }

  #keep(key: string, tally: Tally): void {
    // Last in the order of insertion: what is forgotten first is what rests longest.
    this.#tallies.delete(key);
    this.#tallies.set(key, tally);
    if (this.#tallies.size > MOST_KEYS) {
      const [oldest] = this.#tallies.keys();
      this.#tallies.delete(oldest);
    }
  }
}
