import { type BundleHeader } from '../bundle';
import { type BundleVerifier, readBundleLine } from './BundleVerifier';
import { type LineBlock } from './readLines';
import { remarksOn } from './remarksOn';
import { ProblemFound, type VerificationProblem } from './VerificationProblem';
import { type ChainReport } from './VerificationReport';

const HEADER_START = '{"type":"bundle"';

/** Goes through the lines of one file, which holds one bundle or several. */
export class BundleFileReader {
  readonly chains: Array<{ report: ChainReport; verifier: BundleVerifier }> =
    [];
  /** What is wrong outside of any bundle. */
  problem: VerificationProblem | undefined;
  readonly #begin: (header: BundleHeader) => BundleVerifier;
  #line = 0;
  /** The bundle that is being read; undefined between two, and behind a problem. */
  #verifier: BundleVerifier | undefined;
  #isSkipping = false;
  #header: BundleHeader | undefined;

  constructor(begin: (header: BundleHeader) => BundleVerifier) {
    this.#begin = begin;
  }

  addBlock({ lines, terminated }: LineBlock): void {
    for (const line of lines) {
      this.#line += 1;
      try {
        this.#add(line, terminated);
      } catch (error) {
        this.fail(error);
      }
    }
  }

  end(): void {
    this.#stopUnlessEnded();
    this.#report();
    if (this.chains.length === 0 && !this.problem) {
      throw new ProblemFound({
        kind: 'unfinished',
        sentence: 'There is no bundle: the file is empty',
      });
    }
  }

  /** Notes a problem, and goes on with the next bundle. */
  fail(error: unknown): void {
    if (!(error instanceof ProblemFound)) {
      throw error;
    }
    const problem = { ...error.problem, line: this.#line };
    if (this.#verifier) {
      this.#report(problem);
    } else {
      this.problem ??= problem;
    }
    this.#isSkipping = true;
  }

  #add(line: string, terminated: boolean): void {
    if (line.startsWith(HEADER_START)) {
      this.#closeBundle();
      this.#open(line);
      return;
    }
    if (this.#isSkipping) {
      return;
    }
    if (!this.#verifier) {
      throw new ProblemFound({
        kind: 'malformed',
        sentence:
          'The first line is not that of a bundle: export the chain as JSONL, with no filter but the chain',
      });
    }
    if (!terminated && readBundleLine(line)?.type !== 'end') {
      this.#verifier.stop();
    }
    this.#verifier.add(line);
  }

  /** Another bundle begins: the one before has to be at its end. */
  #closeBundle(): void {
    try {
      this.#stopUnlessEnded();
      this.#report();
    } catch (error) {
      this.fail(error);
    }
  }

  #stopUnlessEnded(): void {
    if (this.#verifier && !this.#verifier.isEnded) {
      this.#verifier.stop();
    }
  }

  #open(line: string): void {
    this.#isSkipping = false;
    const header = readBundleLine(line);
    if (header?.type !== 'bundle') {
      throw new ProblemFound({
        kind: 'malformed',
        sentence: 'The first line of a bundle is not what it must be',
      });
    }
    if (line.endsWith('\r')) {
      throw new ProblemFound({
        kind: 'malformed',
        sentence:
          'The ends of lines were converted (CRLF): verify the file as it was downloaded',
      });
    }
    this.#header = header;
    this.#verifier = this.#begin(header);
  }

  /** Closes the bundle that was read. */
  #report(problem?: VerificationProblem): void {
    const verifier = this.#verifier;
    const header = this.#header;
    this.#verifier = undefined;
    if (!verifier || !header) {
      return;
    }
    const { counts, points } = verifier;
    const report: ChainReport = {
      ok: !problem,
      origin: header.origin,
      chain: header.chain,
      kind: header.kind,
      entries: counts.entries,
      size: verifier.size,
      pruned: header.base?.sequence ?? 0,
      confirmed: verifier.confirmed,
      checkpoints: counts.checkpoints,
      keptCheckpoints: points
        .inOrder()
        .filter(({ source }) => source === 'kept').length,
      disclosures: counts.disclosures,
      ...(problem && { problem: { chain: header.chain, ...problem } }),
      remarks: problem ? [] : remarksOn(header, verifier),
    };
    this.chains.push({ report, verifier });
  }
}
