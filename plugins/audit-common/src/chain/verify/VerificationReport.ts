import { type BundleHeader } from '../bundle';
import { type VerificationProblem } from './VerificationProblem';

/** What became of the verification of one chain. */
export interface ChainReport {
  ok: boolean;
  origin: string;
  chain: string;
  kind: BundleHeader['kind'];
  /** Entries that were read. */
  entries: number;
  /** Sequence of the last of them. */
  size: number;
  /** Entries that were pruned. */
  pruned: number;
  /**
   * Of a complete bundle: entries up to this sequence are what was signed. Of a
   * selection: the number of entries that were shown to be in the signed tree.
   */
  confirmed: number;
  /** Signed checkpoints in the bundle. */
  checkpoints: number;
  /** Checkpoints that somebody kept elsewhere and that were compared with. */
  keptCheckpoints: number;
  /** Personal data that open their commitments. */
  disclosures: number;
  /** The first thing that is wrong. */
  problem?: VerificationProblem;
  /** What this verification cannot tell. */
  remarks: string[];
}

/** What became of the verification of a file: it may hold several bundles. */
export interface VerificationReport {
  ok: boolean;
  chains: ChainReport[];
  /** The first thing that is wrong. */
  problem?: VerificationProblem;
}
