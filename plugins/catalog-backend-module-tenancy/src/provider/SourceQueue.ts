import { sourceKey, type SourceName } from './sourceKey';

/**
 * Runs a job per source: one at a time for the same source, a few at once in all.
 * Requests that arrive while the source waits are one run; those that arrive while
 * it runs are one more run.
 */
export class SourceQueue {
  readonly #waiting = new Map<string, SourceName>();
  readonly #running = new Map<string, Promise<void>>();
  #stopped = false;

  /**
   * @param options.run - must not throw; what fails is its own to report
   */
  constructor(
    private readonly options: {
      concurrency: number;
      run: (source: SourceName) => Promise<void>;
    },
  ) {}

  request(source: SourceName): void {
    if (!this.#stopped) {
      this.#waiting.set(sourceKey(source), source);
      this.#start();
    }
  }

  /** Drops what waits and waits for what runs. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#waiting.clear();
    await Promise.all(this.#running.values());
  }

  #start(): void {
    for (const [key, source] of this.#waiting) {
      if (this.#running.size >= this.options.concurrency) {
        return;
      }
      if (!this.#running.has(key)) {
        this.#waiting.delete(key);
        this.#running.set(
          key,
          this.options.run(source).finally(() => {
            this.#running.delete(key);
            this.#start();
          }),
        );
      }
    }
  }
}
