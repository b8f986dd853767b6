/**
 * What can be wrong with a bundle.
 *
 * - `edited`: an entry is not what it was
 * - `removed`: entries are missing between others
 * - `inserted`: an entry stands there that does not belong
 * - `swapped`: an entry stands in the place of another
 * - `cut`: entries at the end are missing
 * - `rewritten`: the links hold, but not up to what was signed: a range was made anew
 * - `fork`: two signed checkpoints of one size differ
 * - `rollback`: the newest checkpoint is older than one that was signed before
 * - `signature`: a checkpoint carries the id of a trusted key, but not its signature
 * - `key`: a checkpoint is signed by a key that is not trusted
 * - `introduction`: a key is not introduced as it must be
 * - `foreign`: something of another chain or portal
 * - `base`: what stands for pruned entries does not fit
 * - `root`: a signed root is not that of the entries that the same checkpoint confirms
 * - `proof`: an entry of a selection is not shown to be in the signed tree
 * - `disclosure`: a value does not open its commitment
 * - `unfinished`: the bundle was not written or downloaded to its end
 * - `malformed`: a line is not what it must be
 */
export const problemKinds = [
  'edited',
  'removed',
  'inserted',
  'swapped',
  'cut',
  'rewritten',
  'fork',
  'rollback',
  'signature',
  'key',
  'introduction',
  'foreign',
  'base',
  'root',
  'proof',
  'disclosure',
  'unfinished',
  'malformed',
] as const;
export type ProblemKind = (typeof problemKinds)[number];

/** The first thing that is wrong with a chain. */
export interface VerificationProblem {
  kind: ProblemKind;
  chain?: string;
  /** The entry, where it is one: for a range the first of it. */
  sequence?: number;
  /** Line of the bundle, from 1. */
  line?: number;
  expected?: string;
  found?: string;
  /** What it means, for people. */
  sentence: string;
}

/** Ends the verification of a chain. */
export class ProblemFound extends Error {
  override readonly name = 'ProblemFound';

  constructor(readonly problem: VerificationProblem) {
    super(problem.sentence);
  }
}
