import { CompactRange } from '../CompactRange';
import { digestText, parseDigest } from '../digestText';
import { entryHash } from '../entryHash';
import { diagnoseBreak, type WalkedEntry } from './diagnoseBreak';
import { readEntryLine } from './readEntryLine';
import { type SignedPoint } from './SignedPoints';
import { ProblemFound, type VerificationProblem } from './VerificationProblem';

/** Level of the subtrees that stand for pruned entries. */
const BLOCK_LEVEL = 8;

/** What a chain begins with: its name, or what was pruned. */
export type WalkStart =
  | { kind: 'genesis'; head: string }
  | { kind: 'base'; head: string; sequence: number; nodes: Buffer[] };

type Entry = WalkedEntry & { leaf: Buffer };

/**
 * Walks along all entries of a chain: each must follow the one before, and at each
 * signed checkpoint the tree must have the signed root.
 *
 * Where something does not fit it waits for one more entry, which tells what was done.
 */
export class EntryWalk {
  readonly #chain: string;
  readonly #start: WalkStart;
  readonly #points: readonly SignedPoint[];
  readonly #range = new CompactRange();
  #nextPoint = 0;
  #last: string;
  #beforeLast: string | undefined;
  #confirmed: number;
  /** What has to be decided with the next entry at hand. */
  #undecided: ((next: Entry | undefined) => VerificationProblem) | undefined;

  /**
   * @param points - smallest first
   * @throws ProblemFound when a checkpoint does not fit what was pruned
   */
  constructor(options: {
    chain: string;
    start: WalkStart;
    points: readonly SignedPoint[];
  }) {
    this.#chain = options.chain;
    this.#start = options.start;
    this.#points = options.points;
    this.#last = options.start.head;
    this.#confirmed = 0;
    if (options.start.kind === 'base') {
      this.#appendPruned(options.start);
    }
  }

  /** Sequence of the last entry. */
  get size(): number {
    return this.#range.size;
  }

  /** Entries up to here are what a trusted key signed. */
  get confirmed(): number {
    return this.#confirmed;
  }

  /** @throws ProblemFound as soon as it is sure what is wrong */
  add(line: string): void {
    const place = readEntryLine(line);
    if (!place) {
      this.#decide(undefined);
      throw new ProblemFound({
        kind: 'malformed',
        chain: this.#chain,
        sequence: this.size + 1,
        sentence: `Where entry ${
          this.size + 1
        } should stand, there is no entry: it was edited`,
      });
    }
    const leaf = entryHash(line);
    const entry: Entry = { ...place, leaf, hash: digestText(leaf) };
    this.#decide(entry);
    if (entry.chain !== this.#chain) {
      throw new ProblemFound({
        kind: 'foreign',
        chain: this.#chain,
        sequence: this.size + 1,
        expected: this.#chain,
        found: entry.chain,
        sentence: `Where entry ${
          this.size + 1
        } should stand, there is an entry of the chain ${entry.chain}`,
      });
    }
    if (entry.sequence !== this.size + 1 || entry.previous !== this.#last) {
      this.#undecided = next => this.#diagnose(entry, next);
      return;
    }
    const point = this.#points[this.#nextPoint];
    const before =
      point?.size === entry.sequence ? this.#range.copy() : undefined;
    this.#range.append(leaf);
    this.#beforeLast = this.#last;
    this.#last = entry.hash;
    if (point && before) {
      this.#checkPoint(point, before, entry);
    }
  }

  /** @throws ProblemFound when the last entries do not fit */
  end(): void {
    this.#decide(undefined);
  }

  #decide(next: Entry | undefined): void {
    if (this.#undecided) {
      throw new ProblemFound(this.#undecided(next));
    }
  }

  #diagnose(found: Entry, next: Entry | undefined): VerificationProblem {
    const expected = this.size + 1;
    const point = this.#points[this.#nextPoint];
    return diagnoseBreak({
      chain: this.#chain,
      expected,
      before: this.#last,
      beforeThat: this.#beforeLast,
      start: this.#beforeLast === undefined ? this.#start.kind : undefined,
      confirmedBefore: this.size > 0 && this.#confirmed === this.size,
      found,
      next,
      signedHash: point?.size === expected ? point.head : undefined,
    });
  }

  /** @param before - the tree without the entry */
  #checkPoint(point: SignedPoint, before: CompactRange, entry: Entry): void {
    this.#nextPoint += 1;
    const root = this.#range.root();
    const fits = root.equals(point.root);
    if (fits && point.head === entry.hash) {
      this.#confirmed = point.size;
      return;
    }
    const problem = {
      chain: this.#chain,
      expected: `root ${point.root.toString('base64')}`,
      found: `root ${root.toString('base64')}`,
    };
    const name = `the checkpoint of ${point.size} entries of ${point.time}`;
    if (fits || point.head === entry.hash) {
      // The signed head vouches for each entry by way of the links.
      this.#undecided = () =>
        this.#start.kind === 'base' && this.#confirmed === 0
          ? {
              ...problem,
              kind: 'base',
              sequence: this.#start.sequence,
              sentence: `What stands for the pruned entries does not fit ${name}`,
            }
          : {
              ...problem,
              kind: 'root',
              sequence: point.size,
              sentence: `Head and root of ${name} contradict each other: whoever signed it was wrong or lied`,
            };
      return;
    }
    before.append(parseDigest(point.head));
    const onlyThisOne = before.root().equals(point.root);
    this.#undecided = next =>
      onlyThisOne
        ? this.#lastOfPoint(point, entry, next)
        : {
            ...problem,
            kind: 'rewritten',
            sequence: this.#confirmed + 1,
            sentence: `Entries ${this.#confirmed + 1} to ${
              point.size
            } are not those of ${name}: within this range they were made anew`,
          };
  }

  /** All fits but the last entry that the checkpoint covers. */
  #lastOfPoint(
    point: SignedPoint,
    entry: Entry,
    next: Entry | undefined,
  ): VerificationProblem {
    const isInserted =
      next?.sequence === entry.sequence && next.hash === point.head;
    return {
      kind: isInserted ? 'inserted' : 'edited',
      chain: this.#chain,
      sequence: point.size,
      expected: point.head,
      found: entry.hash,
      sentence: isInserted
        ? `An entry was inserted at entry ${point.size}: the one behind it is the one of the checkpoint of ${point.time}`
        : `Entry ${point.size} was edited: it does not have the hash that the checkpoint of ${point.time} names`,
    };
  }

  #appendPruned({
    sequence,
    head,
    nodes,
  }: Extract<WalkStart, { kind: 'base' }>): void {
    for (const node of nodes) {
      this.#range.appendNode(BLOCK_LEVEL, node);
      this.#skipPointsBelow(this.size);
      const point = this.#points[this.#nextPoint];
      if (point?.size === this.size) {
        this.#nextPoint += 1;
        const fits =
          point.root.equals(this.#range.root()) &&
          (point.size !== sequence || point.head === head);
        if (!fits) {
          throw new ProblemFound({
            kind: 'base',
            chain: this.#chain,
            sequence: point.size,
            expected: `root ${point.root.toString('base64')}, ${point.head}`,
            found: `root ${this.#range.root().toString('base64')}, ${head}`,
            sentence: `What stands for the pruned entries does not fit the checkpoint of ${point.size} entries of ${point.time}`,
          });
        }
        this.#confirmed = point.size;
      }
    }
    const newest = this.#points.at(-1)?.size ?? 0;
    if (newest < sequence) {
      throw new ProblemFound({
        kind: 'base',
        chain: this.#chain,
        sequence,
        expected: `a checkpoint of ${sequence} entries or more`,
        found: newest === 0 ? 'none' : `one of ${newest} entries`,
        sentence: `No signed checkpoint covers the pruned entries 1 to ${sequence}: whatever stands for them is not proven`,
      });
    }
  }

  /** A checkpoint within a pruned block cannot be checked any more. */
  #skipPointsBelow(size: number): void {
    while (
      this.#nextPoint < this.#points.length &&
      this.#points[this.#nextPoint].size < size
    ) {
      this.#nextPoint += 1;
    }
  }
}
