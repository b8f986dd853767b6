/** What came and was not taken yet; pieces are put together once, when all are there. */
export class WaitingBytes {
  #chunks: Buffer[] = [];
  #length = 0;
  /** Of what is taken without being wanted. */
  #dropped = 0;

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  takeLine(): string | undefined {
    const all = this.#joined();
    const end = all.indexOf(0x0a);
    if (end < 0) {
      return undefined;
    }
    this.#keep(all.subarray(end + 1));
    return all.subarray(0, end).toString('utf8');
  }

  /** @returns undefined while they are not all there; nothing of them when they are not wanted */
  take(count: number, isWanted: boolean): Buffer | undefined {
    if (!isWanted) {
      const missing = count - this.#dropped;
      if (this.#length < missing) {
        this.#dropped += this.#length;
        this.#keep(Buffer.alloc(0));
        return undefined;
      }
      this.#dropped = 0;
      this.#keep(this.#joined().subarray(missing));
      return Buffer.alloc(0);
    }
    if (this.#length < count) {
      return undefined;
    }
    const all = this.#joined();
    this.#keep(all.subarray(count));
    return all.subarray(0, count);
  }

  #joined(): Buffer {
    if (this.#chunks.length !== 1) {
      this.#chunks = [Buffer.concat(this.#chunks)];
    }
    return this.#chunks[0];
  }

  #keep(rest: Buffer): void {
    this.#chunks = [rest];
    this.#length = rest.length;
  }
}
