import { type Checkpoint } from '../checkpoint';
import { ProblemFound } from './VerificationProblem';

/** A checkpoint that a trusted key signed, and where it was found. */
export type SignedPoint = Checkpoint & {
  source: 'bundle' | 'kept' | 'other bundle';
};

/** What trusted keys said about one chain, by its size. */
export class SignedPoints {
  readonly #bySize = new Map<number, SignedPoint>();
  #newestOfBundle: SignedPoint | undefined;
  #newestKept: SignedPoint | undefined;

  /** The newest checkpoint of the bundle itself. */
  get newestOfBundle(): SignedPoint | undefined {
    return this.#newestOfBundle;
  }

  /** The newest checkpoint that somebody kept elsewhere. */
  get newestKept(): SignedPoint | undefined {
    return this.#newestKept;
  }

  /** All, smallest first. */
  inOrder(): SignedPoint[] {
    return [...this.#bySize.values()].sort(
      (left, right) => left.size - right.size,
    );
  }

  /** @throws ProblemFound when another one of the same size says something else */
  add(point: SignedPoint): void {
    const known = this.#bySize.get(point.size);
    if (
      known &&
      !(known.root.equals(point.root) && known.head === point.head)
    ) {
      throw new ProblemFound({
        kind: 'fork',
        chain: point.chain,
        sequence: point.size,
        expected: `root ${known.root.toString('base64')} (${known.source})`,
        found: `root ${point.root.toString('base64')} (${point.source})`,
        sentence: `The chain was forked: two signed checkpoints of ${point.size} entries differ (${known.time} and ${point.time})`,
      });
    }
    this.#bySize.set(point.size, known ?? point);
    if (point.source === 'bundle') {
      this.#addToBundle(point);
    } else if (
      point.source === 'kept' &&
      point.size > (this.#newestKept?.size ?? 0)
    ) {
      this.#newestKept = point;
    }
  }

  /**
   * @param reached - entries that the bundle shows, by themselves or by a checkpoint
   * @throws ProblemFound when a kept checkpoint covers more
   */
  checkRollback(reached: number): void {
    const kept = this.#newestKept;
    if (kept && reached < kept.size) {
      throw new ProblemFound({
        kind: 'rollback',
        chain: kept.chain,
        sequence: reached + 1,
        expected: `${kept.size} entries or more`,
        found: `${reached} entries`,
        sentence: `The bundle shows ${reached} entries, but a kept checkpoint of ${kept.time} covers ${kept.size}: the chain was rolled back, or the bundle is older than the kept checkpoint and has to be exported again`,
      });
    }
  }

  #addToBundle(point: SignedPoint): void {
    const before = this.#newestOfBundle;
    if (before && point.size < before.size) {
      throw new ProblemFound({
        kind: 'rollback',
        chain: point.chain,
        sequence: point.size + 1,
        expected: `a checkpoint of more than ${before.size} entries`,
        found: `${point.size} entries`,
        sentence: `A checkpoint of ${point.size} entries stands behind one of ${before.size}: the chain was rolled back`,
      });
    }
    this.#newestOfBundle = point;
  }
}
