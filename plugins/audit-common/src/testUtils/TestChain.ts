import { createHash } from 'node:crypto';
import {
  BLOCK_SIZE,
  type BundleLine,
  chainEntry,
  commit,
  CompactRange,
  consistencyProof,
  createSigningKey,
  digestText,
  entryHash,
  formatBundleLine,
  genesisHash,
  inclusionPath,
  introduceKey,
  formatVerifierKey,
  merkleRoot,
  replacePersonal,
  signCheckpoint,
  type SigningKey,
} from '../chain';
import { type AuditEntry } from '../entry';
import { personal } from '../personal';

const FIRST_INSTANT = Date.UTC(2026, 10, 21, 8);

const PERSON = 'user:aurora/kim';
const SALT = Buffer.alloc(32, 3);

function blocksOf(hashes: Buffer[]): string[] {
  const range = new CompactRange();
  return hashes
    .flatMap(hash => range.append(hash))
    .filter(({ level }) => level === Math.log2(BLOCK_SIZE))
    .map(({ hash }) => hash.toString('base64'));
}

function uuidOf(name: string): AuditEntry['id'] {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(
    13,
    16,
  )}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The signing key of a number, always the same one. */
export function testKey(seed: number, origin = 'portal.example.com') {
  return createSigningKey(origin, Buffer.alloc(32, seed).toString('base64'));
}

/** A chain in memory with real hashes, keys and proofs, to test verifiers with. */
export class TestChain {
  readonly origin: string;
  readonly chain: string;
  /** Canonical texts of the entries. */
  texts: string[] = [];
  /** Keys that sign, oldest first; the last one signs new checkpoints. */
  keys: SigningKey[];

  constructor(
    options: {
      origin?: string;
      chain?: string;
      keys?: SigningKey[];
      size?: number;
    } = {},
  ) {
    this.origin = options.origin ?? 'portal.example.com';
    this.chain = options.chain ?? 'aurora';
    this.keys = options.keys ?? [testKey(1, this.origin)];
    this.append(options.size ?? 0);
  }

  get size(): number {
    return this.texts.length;
  }

  get hashes(): Buffer[] {
    return this.texts.map(text => entryHash(text));
  }

  /** Adds so many entries. */
  append(count: number): this {
    for (let index = 0; index < count; index += 1) {
      this.texts.push(this.entryText(this.size + 1, this.#lastHash()));
    }
    return this;
  }

  /** An entry as the portal writes it. */
  entryText(sequence: number, previous: Buffer, reason = 'as agreed'): string {
    return chainEntry({
      draft: replacePersonal(
        {
          chain: this.chain,
          act: 'tenancy.member.add',
          severity: 'medium' as const,
          outcome: 'succeeded' as const,
          actor: { kind: 'person' as const, ref: personal(PERSON, PERSON) },
          subject: { kind: 'member', ref: `group:${this.chain}/g${sequence}` },
          reason,
          details: { roles: ['viewer', '"quoted" \\ größer'] },
        },
        datum => digestText(commit(SALT, datum)),
      ),
      id: uuidOf(`${this.chain}/${sequence}`),
      occurredAt: new Date(FIRST_INSTANT + sequence * 1000),
      sequence,
      previous,
    }).text;
  }

  /** Changes an entry, and makes all behind it anew so that the links hold. */
  rewriteFrom(sequence: number, reason: string): this {
    for (let at = sequence; at <= this.size; at += 1) {
      this.texts[at - 1] = this.entryText(
        at,
        at === 1
          ? genesisHash(this.origin, this.chain)
          : entryHash(this.texts[at - 2]),
        reason,
      );
    }
    return this;
  }

  /** Another one of the same entries. */
  copy(): TestChain {
    const copy = new TestChain({
      origin: this.origin,
      chain: this.chain,
      keys: [...this.keys],
    });
    copy.texts = [...this.texts];
    return copy;
  }

  root(size = this.size): Buffer {
    return merkleRoot(this.hashes.slice(0, size));
  }

  /** The signed checkpoint of a size. */
  checkpoint(size = this.size, key = this.keys[this.keys.length - 1]): string {
    return signCheckpoint(
      {
        origin: this.origin,
        chain: this.chain,
        size,
        root: this.root(size),
        head: digestText(entryHash(this.texts[size - 1])),
        time: new Date(FIRST_INSTANT + size * 1000 + 500).toISOString(),
      },
      key,
    );
  }

  async inclusion(sequence: number, size: number): Promise<string[]> {
    const path = await inclusionPath(sequence - 1, size, this.#nodeHash);
    return path.map(hash => hash.toString('base64'));
  }

  async consistency(from: number, to: number): Promise<string[]> {
    const proof = await consistencyProof(from, to, this.#nodeHash);
    return proof.map(hash => hash.toString('base64'));
  }

  /** Lines of a complete bundle. */
  bundle(
    options: {
      /** Sizes of its checkpoints. */
      checkpoints?: number[];
      /** Cut off the front up to this entry: a multiple of 256. */
      pruned?: number;
    } = {},
  ): string[] {
    const { checkpoints = [], pruned = 0 } = options;
    return [
      this.#header('complete', pruned),
      ...this.keyLines(),
      ...checkpoints.map(size => this.checkpointLine(size)),
      ...this.texts.slice(pruned),
      ...this.#closing(this.size - pruned),
    ];
  }

  /** Lines of a selection of entries. */
  async selection(
    sequences: number[],
    checkpoints: number[],
  ): Promise<string[]> {
    const newest = checkpoints.at(-1) ?? 0;
    const entries = await Promise.all(
      sequences.map(async sequence =>
        sequence > newest
          ? [this.texts[sequence - 1]]
          : [
              this.texts[sequence - 1],
              formatBundleLine({
                type: 'proof',
                sequence,
                size: newest,
                hashes: await this.inclusion(sequence, newest),
              }),
            ],
      ),
    );
    return [
      this.#header('selection', 0),
      ...this.keyLines(),
      ...checkpoints.map(size => this.checkpointLine(size)),
      ...entries.flat(),
      ...this.#closing(sequences.length),
    ];
  }

  checkpointLine(size: number, key?: SigningKey): string {
    return formatBundleLine({
      type: 'checkpoint',
      note: this.checkpoint(size, key),
    });
  }

  keyLines(): string[] {
    return this.keys.map((key, index) => {
      const previous = this.keys[index - 1];
      return formatBundleLine({
        type: 'key',
        key: formatVerifierKey(key.verifier),
        ...(previous && {
          introduction: introduceKey({
            previous,
            next: key,
            time: new Date(FIRST_INSTANT),
          }),
        }),
      });
    });
  }

  #header(kind: 'complete' | 'selection', pruned: number): string {
    const { hashes } = this;
    return formatBundleLine({
      type: 'bundle',
      version: 1,
      origin: this.origin,
      chain: this.chain,
      kind,
      exportedAt: new Date(FIRST_INSTANT + 86_400_000).toISOString(),
      filter: { chain: this.chain },
      size: this.size,
      ...(pruned > 0 && {
        base: {
          sequence: pruned,
          head: digestText(hashes[pruned - 1]),
          nodes: blocksOf(hashes.slice(0, pruned)),
        },
      }),
    });
  }

  #closing(entries: number): string[] {
    const lines: BundleLine[] = [
      {
        type: 'disclosure',
        commitment: digestText(commit(SALT, { of: PERSON, value: PERSON })),
        of: PERSON,
        salt: SALT.toString('base64'),
        value: PERSON,
      },
      { type: 'end', entries, disclosures: 1 },
    ];
    return lines.map(formatBundleLine);
  }

  #lastHash(): Buffer {
    const last = this.texts.at(-1);
    return last === undefined
      ? genesisHash(this.origin, this.chain)
      : entryHash(last);
  }

  readonly #nodeHash = (level: number, index: number): Buffer => {
    const width = 2 ** level;
    return merkleRoot(this.hashes.slice(index * width, (index + 1) * width));
  };
}
