import {
  commit,
  digestText,
  newSalt,
  sha256,
} from '@portico/plugin-audit-common/chain';
import { searchWords } from '../store/searchWords';
import { type PersonalDatum } from './readAct';
import { type CommittedDatum, type RelayStore } from './RelayStore';

/**
 * The commitments of a batch: one per chain, person and value, so that an entry can be
 * found by its actor although it does not name them.
 */
export class Commitments {
  readonly #known = new Map<string, string>();
  readonly #added = new Map<string, CommittedDatum>();

  /** Looks up what the chains know already. */
  static async load(
    store: RelayStore,
    data: Iterable<{ chain: string; datum: PersonalDatum }>,
  ): Promise<Commitments> {
    const wanted = new Map<
      string,
      { chain: string; of: string; valueDigest: Buffer }
    >();
    for (const { chain, datum } of data) {
      const key = keyOf(chain, datum);
      if (!wanted.has(key)) {
        wanted.set(key, {
          chain,
          of: datum.of,
          valueDigest: digestOf(datum),
        });
      }
    }
    const commitments = new Commitments();
    if (wanted.size > 0) {
      const found = await store.commitments([...wanted.values()]);
      for (const { chain, commitment, ...datum } of found) {
        commitments.#known.set(keyOf(chain, datum), commitment);
      }
    }
    return commitments;
  }

  /** The commitment to a datum in a chain, in text form; a new one when it has none. */
  of(chain: string, datum: PersonalDatum): string {
    const key = keyOf(chain, datum);
    const known = this.#known.get(key);
    if (known !== undefined) {
      return known;
    }
    const salt = newSalt();
    const commitment = digestText(commit(salt, datum));
    this.#known.set(key, commitment);
    this.#added.set(commitment, {
      ...datum,
      chain,
      commitment,
      salt,
      valueDigest: digestOf(datum),
      words: searchWords(datum.value),
    });
    return commitment;
  }

  /** The new ones among those that entries use. */
  added(used: ReadonlySet<string>): CommittedDatum[] {
    return [...this.#added.values()].filter(({ commitment }) =>
      used.has(commitment),
    );
  }
}

function keyOf(chain: string, { of, value }: PersonalDatum): string {
  return JSON.stringify([chain, of, value]);
}

function digestOf({ value }: PersonalDatum): Buffer {
  return sha256(Buffer.from(value));
}
