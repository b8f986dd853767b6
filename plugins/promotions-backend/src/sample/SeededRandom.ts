import { createHash } from 'node:crypto';

/** Chance that is the same at each run with the same seed. */
export class SeededRandom {
  readonly #seed: string;
  #count = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** From 0 up to, and without, 1. */
  next(): number {
    return this.#bytes().readUIntBE(0, 6) / 2 ** 48;
  }

  between(least: number, most: number): number {
    return least + this.next() * (most - least);
  }

  /** True so often of one. */
  chance(share: number): boolean {
    return this.next() < share;
  }

  /** @throws Error for an empty list */
  pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.next() * items.length)];
    if (item === undefined) {
      throw new Error('Nothing can be picked from an empty list');
    }
    return item;
  }

  /** `sha256:…` of nothing in particular. */
  digest(): string {
    return `sha256:${this.#bytes().toString('hex')}`;
  }

  /** A UUID of version 7 (RFC 9562), so that ids come in the order of their time. */
  uuidAt(time: Date): string {
    const bytes = this.#bytes().subarray(0, 16);
    bytes.writeUIntBE(time.getTime(), 0, 6);
    bytes.writeUInt8(0x70 + (bytes.readUInt8(6) % 16), 6);
    bytes.writeUInt8(0x80 + (bytes.readUInt8(8) % 64), 8);
    return bytes
      .toString('hex')
      .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }

  #bytes(): Buffer {
    this.#count += 1;
    return createHash('sha256').update(`${this.#seed} ${this.#count}`).digest();
  }
}
