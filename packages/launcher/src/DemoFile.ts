import { rename, rm, writeFile } from 'fs/promises';
import { resolve } from 'path';
import { type DemoProgress } from '@portico/demo';

/** Where a portal looks how far its demo is. */
export function demoFile(data: string): string {
  return resolve(data, 'demo.json');
}

/**
 * Tells the portal how far its demo is. Nobody depends on it, so what cannot be written is
 * left out.
 */
export class DemoFile {
  readonly #path: string;
  readonly #tenants = new Map<string, DemoProgress>();
  /** One write after the other: the newest counts stay. */
  #writing: Promise<void> = Promise.resolve();

  constructor(data: string) {
    this.#path = demoFile(data);
  }

  count(progress: DemoProgress): void {
    this.#tenants.set(progress.tenant, progress);
    this.#write('making');
  }

  /** Not everything could be made. */
  async stopped(): Promise<void> {
    this.#write('stopped');
    await this.#writing;
  }

  /** It is complete, or there is none. */
  async remove(): Promise<void> {
    await this.#writing;
    await rm(this.#path, { force: true });
  }

  #write(state: 'making' | 'stopped'): void {
    const counts = [...this.#tenants.values()];
    if (counts.length === 0) {
      return;
    }
    const sum = (name: 'done' | 'total') =>
      counts.reduce((total, one) => total + one[name], 0);
    const text = JSON.stringify({
      state,
      done: sum('done'),
      total: sum('total'),
    });
    this.#writing = this.#writing
      .then(async () => {
        await writeFile(`${this.#path}.new`, text);
        await rename(`${this.#path}.new`, this.#path);
      })
      .catch(() => {});
  }
}
