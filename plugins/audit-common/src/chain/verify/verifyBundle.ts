import { type BundleHeader } from '../bundle';
import { type Checkpoint, readUnverifiedCheckpoint } from '../checkpoint';
import { type VerifierKey } from '../verifierKey';
import { BundleFileReader } from './BundleFileReader';
import { BundleVerifier, type KeptCheckpoint } from './BundleVerifier';
import { readLines } from './readLines';
import {
  type ChainReport,
  type VerificationReport,
} from './VerificationReport';

/** What a verifier knows beforehand. */
export interface VerificationOptions {
  /** Keys that are trusted; keys that they introduce are trusted as well. */
  keys: readonly VerifierKey[];
  /** Checkpoints that were kept out of the portal's reach. */
  keptCheckpoints?: readonly KeptCheckpoint[];
}

/** Verifies several files against each other and against the same kept checkpoints. */
export class BundleVerification {
  readonly #keys: readonly VerifierKey[];
  readonly #kept: Array<KeptCheckpoint & { of: string }>;
  /** Checked checkpoints of earlier bundles, by chain. */
  readonly #seen = new Map<string, Checkpoint[]>();

  /** @throws InputError when a kept checkpoint is malformed */
  constructor({ keys, keptCheckpoints = [] }: VerificationOptions) {
    this.#keys = keys;
    this.#kept = keptCheckpoints.map(kept => {
      const { origin, chain } = readUnverifiedCheckpoint(kept.note);
      return { ...kept, of: `${origin}/${chain}` };
    });
  }

  /** Chains of kept checkpoints that no bundle was of. */
  get missingChains(): string[] {
    const missing = this.#kept
      .map(kept => kept.of)
      .filter(of => !this.#seen.has(of));
    return [...new Set(missing)];
  }

  /** Verifies the bundles of one file. */
  async verify(
    chunks: AsyncIterable<Uint8Array | string>,
  ): Promise<VerificationReport> {
    const reader = new BundleFileReader(header => this.#begin(header));
    try {
      for await (const block of readLines(chunks)) {
        reader.addBlock(block);
      }
      reader.end();
    } catch (error) {
      reader.fail(error);
    }
    const { chains, problem } = reader;
    chains.forEach(chain => this.#remember(chain.report, chain.verifier));
    const reports = chains.map(chain => chain.report);
    const first = problem ?? reports.find(report => report.problem)?.problem;
    return {
      ok: !first,
      chains: reports,
      ...(first && { problem: first }),
    };
  }

  #begin(header: BundleHeader): BundleVerifier {
    const of = `${header.origin}/${header.chain}`;
    return new BundleVerifier({
      header,
      keys: this.#keys,
      kept: this.#kept.filter(kept => kept.of === of),
      others: this.#seen.get(of) ?? [],
    });
  }

  #remember({ origin, chain }: ChainReport, verifier: BundleVerifier): void {
    const of = `${origin}/${chain}`;
    this.#seen.set(of, [
      ...(this.#seen.get(of) ?? []),
      ...verifier.points.inOrder().filter(point => point.source === 'bundle'),
    ]);
  }
}

/**
 * Verifies bundles without a portal: entries, links, tree, signatures, disclosures.
 *
 * Memory is bounded by the number of checkpoints, not of entries.
 *
 * @param chunks - the bytes of a file, in pieces of any size
 * @throws InputError when a kept checkpoint is malformed
 */
export async function verifyBundle(
  chunks: AsyncIterable<Uint8Array | string>,
  options: VerificationOptions,
): Promise<VerificationReport> {
  return new BundleVerification(options).verify(chunks);
}
