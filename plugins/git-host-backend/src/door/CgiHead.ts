const MAX_HEAD_BYTES = 16_384;

/** Reads the header lines with which a CGI program begins its answer. */
export class CgiHead {
  #bytes: Buffer = Buffer.alloc(0);
  complete = false;
  tooLong = false;
  status = 200;
  readonly headers: Record<string, string> = {};

  /** @returns what follows the head, or undefined while it is incomplete */
  feed(chunk: Buffer): Buffer | undefined {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    const end = this.#bytes.indexOf('\r\n\r\n');
    if (end < 0) {
      this.tooLong = this.#bytes.length > MAX_HEAD_BYTES;
      return undefined;
    }
    for (const line of this.#bytes.toString('latin1', 0, end).split('\r\n')) {
      const colon = line.indexOf(':');
      const name = line.slice(0, colon).trim().toLowerCase();
      const value = line.slice(colon + 1).trim();
      if (name === 'status') {
        this.status = Number.parseInt(value, 10) || 500;
      } else if (name) {
        this.headers[name] = value;
      }
    }
    this.complete = true;
    return this.#bytes.subarray(end + 4);
  }
}
