import {
  type AuditEntryView,
  type AuditFilter,
} from '@portico/plugin-audit-common';
import { type EntryQuery } from '../query/EntryQuery';
import { type ReadScope } from '../query/ReadScope';
import { mergeNewEntries } from './mergeNewEntries';
import { type EntryAddress } from './eventId';
import { type TailQuery } from './TailQuery';

interface TailStreamOptions {
  queries: { tail: TailQuery; entries: EntryQuery };
  scope: ReadScope;
  filter: AuditFilter;
  /** The entry that the reader saw last; it begins at the newest ones without. */
  last?: EntryAddress;
}

/**
 * What is new for one reader. It remembers positions and no entries, so a slow reader
 * costs no memory, and nothing is lost when signals are.
 */
export class TailStream {
  static async open(options: TailStreamOptions): Promise<TailStream> {
    const { queries, scope, last } = options;
    const positions = last
      ? await queries.tail.after(scope, last)
      : await queries.tail.heads(scope);
    return new TailStream(options, positions);
  }

  readonly #options: TailStreamOptions;
  readonly #positions: Map<string, number>;
  /** Chains that may have grown, or all of them. */
  #grown: Set<string> | 'all' = 'all';
  #wake: () => void = () => {};

  private constructor(
    options: TailStreamOptions,
    positions: readonly EntryAddress[],
  ) {
    this.#options = options;
    this.#positions = new Map(
      positions.map(({ chain, sequence }) => [chain, sequence]),
    );
  }

  /** Tells that a chain may have grown, or that any may when none is named. */
  signal(chain?: string): void {
    const own = this.#options.scope.chain;
    if (chain !== undefined && own !== undefined && chain !== own) {
      return;
    }
    if (chain === undefined) {
      this.#grown = 'all';
    } else if (this.#grown !== 'all') {
      this.#grown.add(chain);
    }
    this.#wake();
  }

  /** Ends the waiting of `next`. */
  wake(): void {
    this.#wake();
  }

  /**
   * Waits until something may be new, and gives the next entries that meet the filter;
   * none when nothing new does.
   */
  async next(): Promise<AuditEntryView[]> {
    if (this.#grown !== 'all' && this.#grown.size === 0) {
      await new Promise<void>(resolve => {
        this.#wake = resolve;
      });
    }
    const { queries, scope, filter } = this.#options;
    const positions = await this.#takeGrown();
    if (positions.length === 0) {
      return [];
    }
    const found = await queries.tail.next(scope, positions, filter);
    const taken = mergeNewEntries(found);
    for (const { chain, sequence } of taken) {
      this.#positions.set(chain, sequence);
    }
    if (taken.length < found.length) {
      this.signal();
    } else {
      // Only an empty answer shows that a chain has no more.
      for (const { chain } of taken) {
        this.signal(chain);
      }
    }
    return queries.entries.several(
      scope,
      taken.filter(({ meets }) => meets),
    );
  }

  async #takeGrown(): Promise<EntryAddress[]> {
    const grown = this.#grown;
    this.#grown = new Set();
    const sequenceOf = (chain: string) => this.#positions.get(chain) ?? 0;
    if (grown !== 'all') {
      return [...grown].map(chain => ({ chain, sequence: sequenceOf(chain) }));
    }
    const { queries, scope } = this.#options;
    const heads = await queries.tail.heads(scope);
    return heads
      .filter(({ chain, sequence }) => sequence > sequenceOf(chain))
      .map(({ chain }) => ({ chain, sequence: sequenceOf(chain) }));
  }
}
