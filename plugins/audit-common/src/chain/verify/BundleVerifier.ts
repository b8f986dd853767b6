import { type z } from 'zod';
import { parseBase64 } from '../base64';
import {
  BUNDLE_LINE_START,
  type bundleDisclosureSchema,
  type bundleEndSchema,
  type BundleHeader,
  type BundleLine,
  bundleLineSchema,
} from '../bundle';
import { type Checkpoint } from '../checkpoint';
import { commit, LEAST_SALT_BYTES } from '../commitment';
import { digestText } from '../digestText';
import { genesisHash } from '../genesisHash';
import { type VerifierKey } from '../verifierKey';
import { EntryWalk } from './EntryWalk';
import { SelectionWalk } from './SelectionWalk';
import { SignedPoints } from './SignedPoints';
import { TrustedKeys } from './TrustedKeys';
import { type ProblemKind, ProblemFound } from './VerificationProblem';

type DisclosureLine = z.infer<typeof bundleDisclosureSchema>;
type EndLine = z.infer<typeof bundleEndSchema>;

/** In which order the parts of a bundle stand. */
const parts = ['key', 'checkpoint', 'entry', 'disclosure', 'end'] as const;
type Part = (typeof parts)[number];

/** A checkpoint that somebody kept outside of the portal. */
export interface KeptCheckpoint {
  /** Where it was found, such as the name of its file. */
  name: string;
  note: string;
}

/** What was counted on the way. */
export interface BundleCounts {
  entries: number;
  checkpoints: number;
  disclosures: number;
}

/** Takes the lines of one bundle in their order, and throws at the first problem. */
export class BundleVerifier {
  readonly counts: BundleCounts = {
    entries: 0,
    checkpoints: 0,
    disclosures: 0,
  };
  readonly points = new SignedPoints();
  readonly #header: BundleHeader;
  readonly #keys: TrustedKeys;
  readonly #kept: readonly KeptCheckpoint[];
  readonly #others: readonly Checkpoint[];
  #part: Part = 'key';
  #walk: EntryWalk | SelectionWalk | undefined;

  constructor(options: {
    header: BundleHeader;
    keys: readonly VerifierKey[];
    /** Of this chain of this portal. */
    kept: readonly KeptCheckpoint[];
    /** What other bundles of this chain carried, already checked. */
    others: readonly Checkpoint[];
  }) {
    this.#header = options.header;
    this.#keys = new TrustedKeys(options.keys);
    this.#kept = options.kept;
    this.#others = options.others;
  }

  /** Sequence up to which signatures confirm the chain, or the number of proofs. */
  get confirmed(): number {
    if (!this.#walk) {
      return 0;
    }
    return this.#walk instanceof EntryWalk
      ? this.#walk.confirmed
      : this.#walk.proven;
  }

  /** Sequence of the last entry. */
  get size(): number {
    return this.#walk?.size ?? 0;
  }

  /** Whether the last line was seen. */
  get isEnded(): boolean {
    return this.#part === 'end';
  }

  /**
   * Takes the next line behind the header.
   *
   * @throws ProblemFound when it does not fit
   */
  add(line: string): void {
    if (!line.startsWith(BUNDLE_LINE_START)) {
      this.#enter('entry');
      this.counts.entries += 1;
      this.#entries().add(line);
      return;
    }
    const parsed = readBundleLine(line);
    switch (parsed?.type) {
      case undefined:
      case 'bundle':
        throw this.#problem('malformed', 'A line is not one of a bundle');
      case 'key':
        this.#enter('key');
        this.#keys.learn(this.#header.origin, parsed);
        break;
      case 'checkpoint':
        this.#enter('checkpoint');
        this.counts.checkpoints += 1;
        this.#addCheckpoint(parsed.note);
        break;
      case 'proof':
        this.#enter('entry');
        this.#prove(parsed);
        break;
      case 'disclosure':
        this.#enter('disclosure');
        this.counts.disclosures += 1;
        this.#disclose(parsed);
        break;
      case 'end':
        this.#enter('end');
        this.#end(parsed);
        break;
      default:
        parsed satisfies never;
    }
  }

  /** The bundle stops without its last line. */
  stop(): never {
    // What is wrong before is told first.
    this.#walk?.end();
    throw this.#problem(
      'unfinished',
      'The bundle has no end: it was not written or downloaded whole',
      { sequence: this.size + 1 },
    );
  }

  #enter(part: Part): void {
    if (
      this.#part === 'end' ||
      parts.indexOf(part) < parts.indexOf(this.#part)
    ) {
      throw this.#problem(
        'malformed',
        `A line (${part}) stands in the wrong place`,
      );
    }
    if (part !== this.#part && (part === 'disclosure' || part === 'end')) {
      this.#endEntries();
    }
    this.#part = part;
  }

  #addCheckpoint(note: string): void {
    this.#addPoint(note, 'bundle', `Checkpoint ${this.counts.checkpoints}`);
  }

  #addPoint(note: string, source: 'bundle' | 'kept', place: string): void {
    const checkpoint = this.#keys.open(note, place);
    const { origin, chain } = this.#header;
    if (checkpoint.origin !== origin || checkpoint.chain !== chain) {
      throw this.#problem(
        'foreign',
        `${place} is of ${checkpoint.origin}/${checkpoint.chain}, the bundle of ${origin}/${chain}`,
        {
          expected: `${origin}/${chain}`,
          found: `${checkpoint.origin}/${checkpoint.chain}`,
        },
      );
    }
    this.points.add({ ...checkpoint, source });
  }

  /** Begins with the entries: all keys and checkpoints are known now. */
  #entries(): EntryWalk | SelectionWalk {
    this.#walk ??= this.#begin();
    return this.#walk;
  }

  #begin(): EntryWalk | SelectionWalk {
    for (const { name, note } of this.#kept) {
      this.#addPoint(note, 'kept', `The kept checkpoint ${name}`);
    }
    this.#others.forEach(checkpoint =>
      this.points.add({ ...checkpoint, source: 'other bundle' }),
    );
    const { origin, chain, kind, base } = this.#header;
    if (kind === 'selection') {
      this.points.checkRollback(this.points.newestOfBundle?.size ?? 0);
      return new SelectionWalk({ chain, newest: this.points.newestOfBundle });
    }
    if (base && base.nodes.length * 256 !== base.sequence) {
      throw this.#problem(
        'base',
        `Entries 1 to ${base.sequence} were pruned, but ${base.nodes.length} blocks stand for them`,
        { sequence: base.sequence },
      );
    }
    return new EntryWalk({
      chain,
      points: this.points.inOrder(),
      start: base
        ? {
            kind: 'base',
            head: base.head,
            sequence: base.sequence,
            nodes: base.nodes.map(node => parseBase64(node)),
          }
        : { kind: 'genesis', head: digestText(genesisHash(origin, chain)) },
    });
  }

  #endEntries(): void {
    const walk = this.#entries();
    walk.end();
    if (walk instanceof SelectionWalk) {
      return;
    }
    const signed = this.points.newestOfBundle?.size ?? 0;
    const promised = Math.max(signed, this.#header.size);
    if (walk.size < promised) {
      throw this.#problem(
        'cut',
        `Entries ${walk.size + 1} to ${promised} were cut off: ${
          walk.size < signed
            ? 'a signed checkpoint of the bundle covers them'
            : 'the first line of the bundle counts them'
        }`,
        {
          sequence: walk.size + 1,
          expected: `${promised} entries`,
          found: `${walk.size} entries`,
        },
      );
    }
    this.points.checkRollback(walk.size);
    if (walk.size > this.#header.size) {
      throw this.#problem(
        'inserted',
        `The chain had ${
          this.#header.size
        } entries when the bundle was made, but there are ${walk.size}`,
        { sequence: this.#header.size + 1 },
      );
    }
  }

  #prove(proof: Extract<BundleLine, { type: 'proof' }>): void {
    const walk = this.#entries();
    if (walk instanceof EntryWalk) {
      throw this.#problem(
        'malformed',
        'A complete bundle has no proofs of single entries',
      );
    }
    walk.prove(proof);
  }

  #disclose({ commitment, of, salt, value }: DisclosureLine): void {
    const bytes = Buffer.from(salt, 'base64');
    const opened = digestText(commit(bytes, { of, value }));
    if (bytes.length < LEAST_SALT_BYTES || opened !== commitment) {
      throw this.#problem(
        'disclosure',
        `Disclosure ${this.counts.disclosures} does not open its commitment: value, person or salt were changed`,
        { expected: commitment, found: opened },
      );
    }
  }

  #end({ entries, disclosures }: EndLine): void {
    const { counts } = this;
    if (entries !== counts.entries) {
      throw this.#problem(
        entries > counts.entries ? 'removed' : 'inserted',
        `The bundle was written with ${entries} entries, but has ${counts.entries}`,
        { expected: String(entries), found: String(counts.entries) },
      );
    }
    if (disclosures !== counts.disclosures) {
      throw this.#problem(
        'disclosure',
        `The bundle was written with ${disclosures} disclosures, but has ${counts.disclosures}`,
        { expected: String(disclosures), found: String(counts.disclosures) },
      );
    }
  }

  #problem(
    kind: ProblemKind,
    sentence: string,
    more: { sequence?: number; expected?: string; found?: string } = {},
  ): ProblemFound {
    return new ProblemFound({
      kind,
      chain: this.#header.chain,
      ...more,
      sentence,
    });
  }
}

/** Reads a line of a bundle that is no entry; undefined for any other. */
export function readBundleLine(line: string): BundleLine | undefined {
  try {
    return bundleLineSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
