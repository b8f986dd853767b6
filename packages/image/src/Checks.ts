import { isError } from '@backstage/errors';

/** Checks that go on when one fails, and a closing line. */
export class Checks {
  #passed = 0;
  #failed = 0;
  readonly #print: (line: string) => void;

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  async check(name: string, run: () => Promise<string | void>): Promise<void> {
    try {
      const found = await run();
      this.#passed += 1;
      this.#print(`✓ ${name}${found ? `: ${found}` : ''}`);
    } catch (error) {
      this.#failed += 1;
      this.#print(`✕ ${name}: ${isError(error) ? error.message : error}`);
    }
  }

  /** Prints `N passed, N failed, N skipped`. */
  end(): number {
    this.#print(`${this.#passed} passed, ${this.#failed} failed, 0 skipped`);
    return this.#failed === 0 ? 0 : 1;
  }
}
