import { type z } from 'zod';
import { parseBase64 } from '../base64';
import { type bundleProofSchema } from '../bundle';
import { digestText } from '../digestText';
import { entryHash } from '../entryHash';
import { verifyInclusion } from '../verifyProofs';
import { readEntryLine } from './readEntryLine';
import { type SignedPoint } from './SignedPoints';
import { ProblemFound } from './VerificationProblem';

type ProofLine = z.infer<typeof bundleProofSchema>;

/** Walks along picked entries of a chain: each must be in the signed tree. */
export class SelectionWalk {
  readonly #chain: string;
  readonly #newest: SignedPoint | undefined;
  #last:
    | { sequence: number; hash: string; leaf: Buffer; isProven: boolean }
    | undefined;
  #proven = 0;

  constructor(options: {
    chain: string;
    /** The newest checkpoint of the bundle, which all proofs lead to. */
    newest: SignedPoint | undefined;
  }) {
    this.#chain = options.chain;
    this.#newest = options.newest;
  }

  /** Sequence of the last entry. */
  get size(): number {
    return this.#last?.sequence ?? 0;
  }

  /** Number of entries that were shown to be in the signed tree. */
  get proven(): number {
    return this.#proven;
  }

  /** @throws ProblemFound when it does not belong here */
  add(line: string): void {
    this.#checkProven();
    const place = readEntryLine(line);
    if (!place) {
      throw this.#problem('malformed', this.size + 1, {
        sentence: `Behind entry ${this.size} stands a line that is no entry: it was edited`,
      });
    }
    const { chain, sequence, previous } = place;
    if (chain !== this.#chain) {
      throw this.#problem('foreign', sequence, {
        expected: this.#chain,
        found: chain,
        sentence: `Entry ${sequence} is of the chain ${chain}`,
      });
    }
    const last = this.#last;
    if (last && sequence <= last.sequence) {
      throw this.#problem('swapped', sequence, {
        sentence: `Entry ${sequence} stands behind entry ${last.sequence}: entries were swapped or inserted`,
      });
    }
    if (last?.sequence === sequence - 1 && previous !== last.hash) {
      throw this.#problem('edited', sequence, {
        expected: last.hash,
        found: previous,
        sentence: `Entry ${sequence} does not follow entry ${last.sequence}: one of the two was edited`,
      });
    }
    const leaf = entryHash(line);
    this.#last = { sequence, leaf, hash: digestText(leaf), isProven: false };
  }

  /** @throws ProblemFound when it does not show that the entry before is in the tree */
  prove({ sequence, size, hashes }: ProofLine): void {
    const last = this.#last;
    const newest = this.#newest;
    if (!last || last.sequence !== sequence || last.isProven) {
      throw this.#problem('proof', sequence, {
        sentence: `A proof of entry ${sequence} stands where none belongs`,
      });
    }
    if (!newest || size !== newest.size) {
      throw this.#problem('proof', sequence, {
        expected: `a proof for ${newest?.size ?? 0} entries`,
        found: `one for ${size}`,
        sentence: `The proof of entry ${sequence} is not for the newest checkpoint`,
      });
    }
    const isIncluded = verifyInclusion({
      index: sequence - 1,
      size,
      leaf: last.leaf,
      path: hashes.map(hash => parseBase64(hash)),
      root: newest.root,
    });
    if (!isIncluded) {
      throw this.#problem('proof', sequence, {
        sentence: `Entry ${sequence} is not in the tree of the checkpoint of ${newest.time}: the entry or its proof was changed`,
      });
    }
    this.#proven += 1;
    last.isProven = true;
  }

  /** @throws ProblemFound when the last entry has no proof */
  end(): void {
    this.#checkProven();
  }

  #checkProven(): void {
    const last = this.#last;
    if (last && last.sequence <= (this.#newest?.size ?? 0) && !last.isProven) {
      throw this.#problem('proof', last.sequence, {
        sentence: `The proof of entry ${last.sequence} is missing`,
      });
    }
  }

  #problem(
    kind: 'malformed' | 'foreign' | 'swapped' | 'edited' | 'proof',
    sequence: number,
    rest: { sentence: string; expected?: string; found?: string },
  ): ProblemFound {
    return new ProblemFound({ kind, chain: this.#chain, sequence, ...rest });
  }
}
