import { type EntryPlace } from './readEntryLine';
import { type VerificationProblem } from './VerificationProblem';

/** An entry as the walk along a chain sees it; its hash is in text form. */
export type WalkedEntry = EntryPlace & { hash: string };

/** Where a walk along a chain had to stop. */
export interface ChainBreak {
  chain: string;
  /** Sequence that had to come. */
  expected: number;
  /** Hash of the entry before, or of what the chain begins with. */
  before: string;
  /** Hash of the entry before that one, where there is one. */
  beforeThat: string | undefined;
  /** What the chain begins with, when nothing was accepted yet. */
  start: 'genesis' | 'base' | undefined;
  /** Whether a signed checkpoint confirmed everything up to the entry before. */
  confirmedBefore: boolean;
  /** What came. */
  found: WalkedEntry;
  /** What comes behind it; undefined at the end. */
  next: WalkedEntry | undefined;
  /** Hash that a signed checkpoint says the expected entry has, where one says so. */
  signedHash: string | undefined;
}

type Finding = Omit<VerificationProblem, 'chain'>;

/**
 * Tells what somebody did where a chain breaks: which entry was edited, removed,
 * inserted or swapped. Each entry is vouched for by the one behind it, which names its
 * hash, or by a checkpoint.
 */
export function diagnoseBreak(chainBreak: ChainBreak): VerificationProblem {
  const { chain, expected, found, before } = chainBreak;
  return { chain, ...find() };

  function find(): Finding {
    if (found.sequence === expected) {
      return brokenLink(chainBreak);
    }
    if (found.previous === before) {
      return {
        kind: 'edited',
        sequence: expected,
        expected: `sequence ${expected}`,
        found: `sequence ${found.sequence}`,
        sentence: `Entry ${expected} was edited: it follows the entry before it, but says that it is entry ${found.sequence}`,
      };
    }
    return found.sequence > expected ? gap(chainBreak) : repetition(chainBreak);
  }
}

/** The right sequence, but not the hash of the entry before. */
function brokenLink(chainBreak: ChainBreak): Finding {
  const { expected, before, beforeThat, start, found, next } = chainBreak;
  const last = expected - 1;
  if (next?.sequence === expected) {
    return inserted(expected, 'two entries have this sequence');
  }
  if (found.previous === beforeThat) {
    return inserted(
      last,
      `entry ${expected} follows the entry before it directly`,
    );
  }
  const vouchedFor =
    next?.previous === found.hash || chainBreak.signedHash === found.hash;
  if (vouchedFor && start === 'genesis') {
    return {
      kind: 'foreign',
      sequence: expected,
      expected: before,
      found: found.previous,
      sentence:
        'The first entry does not begin this chain of this portal: the entries are of another one',
    };
  }
  if (vouchedFor && start === 'base') {
    return {
      kind: 'base',
      sequence: expected,
      expected: found.previous,
      found: before,
      sentence: `The oldest entry, ${expected}, does not follow what stands for the pruned entries before it`,
    };
  }
  if (vouchedFor && !chainBreak.confirmedBefore) {
    return {
      kind: 'edited',
      sequence: last,
      expected: found.previous,
      found: before,
      sentence: `Entry ${last} was edited, or a range that ends with it: it does not have the hash that entry ${expected} names`,
    };
  }
  const unclear =
    !next && !start && !chainBreak.confirmedBefore && !chainBreak.signedHash;
  return {
    kind: 'edited',
    sequence: unclear ? last : expected,
    expected: before,
    found: found.previous,
    sentence: unclear
      ? `Entry ${last} or entry ${expected} was edited: the one does not follow the other, and nothing behind them tells which`
      : `Entry ${expected} was edited: it does not follow entry ${last}, and nothing behind it vouches for it`,
  };
}

/** A later entry than the one that had to come. */
function gap({ expected, found, next }: ChainBreak): Finding {
  const places = {
    sequence: expected,
    expected: `sequence ${expected}`,
    found: `sequence ${found.sequence}`,
  };
  if (next?.sequence === expected || next?.sequence === expected + 1) {
    return {
      kind: 'swapped',
      ...places,
      sentence: `Entries were swapped: entry ${found.sequence} stands in the place of entry ${expected}`,
    };
  }
  const last = found.sequence - 1;
  return {
    kind: 'removed',
    ...places,
    sentence:
      last === expected
        ? `Entry ${expected} was removed`
        : `Entries ${expected} to ${last} were removed`,
  };
}

/** An earlier entry than the one that had to come. */
function repetition(chainBreak: ChainBreak): Finding {
  const { expected, beforeThat, found, next } = chainBreak;
  if (
    found.sequence === expected - 1 &&
    (found.previous === beforeThat || found.hash === chainBreak.before)
  ) {
    return inserted(expected - 1, 'two entries have this sequence');
  }
  if (next?.sequence === expected + 1) {
    return {
      kind: 'swapped',
      sequence: expected,
      expected: `sequence ${expected}`,
      found: `sequence ${found.sequence}`,
      sentence: `Entries were swapped: entry ${found.sequence} stands in the place of entry ${expected}`,
    };
  }
  return {
    ...inserted(expected, `entry ${found.sequence} stands before it again`),
    found: `sequence ${found.sequence}`,
  };
}

function inserted(sequence: number, reason: string): Finding {
  return {
    kind: 'inserted',
    sequence,
    expected: `one entry ${sequence}`,
    sentence: `An entry was inserted at entry ${sequence}: ${reason}`,
  };
}
