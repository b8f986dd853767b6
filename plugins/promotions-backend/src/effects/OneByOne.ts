/** Does what concerns the same thing one after the other, within this process. */
export class OneByOne {
  readonly #last = new Map<string, Promise<void>>();

  /** Runs `fn` when all that came before it for the same key has ended, however it did. */
  async run<T>(key: string, fn: () => Promise<T>): Promise<T> {
    const result = (this.#last.get(key) ?? Promise.resolve()).then(fn);
    const ended = result.then(
      () => {},
      () => {},
    );
    this.#last.set(key, ended);
    try {
      return await result;
    } finally {
      if (this.#last.get(key) === ended) {
        this.#last.delete(key);
      }
    }
  }
}
