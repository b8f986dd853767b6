import { type Turns } from './Turns';

/**
 * Lets a few requests of each tenant run at a time; the others of that tenant wait in the
 * order in which they came. So a tenant that asks for a lot slows itself down first.
 *
 * It counts within one process: each replica has its own processors to share.
 */
export class TenantTurns implements Turns {
  readonly #atOnce: number;
  readonly #running = new Map<string, number>();
  readonly #waiting = new Map<string, Set<() => void>>();

  /** @param atOnce - most requests of one tenant that run at a time */
  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  take(tenant: string, given: () => void): () => void {
    if (this.#count(tenant) < this.#atOnce) {
      this.#running.set(tenant, this.#count(tenant) + 1);
      given();
      return once(() => this.#leave(tenant));
    }
    const waiting = this.#waiting.get(tenant) ?? new Set();
    this.#waiting.set(tenant, waiting);
    const begin = () => {
      waiting.delete(begin);
      given();
    };
    waiting.add(begin);
    return once(() => {
      if (!waiting.delete(begin)) {
        this.#leave(tenant);
      }
    });
  }

  /** Hands the turn on, or counts one fewer. */
  #leave(tenant: string): void {
    const [next] = this.#waiting.get(tenant) ?? [];
    if (next) {
      next();
      return;
    }
    this.#waiting.delete(tenant);
    const left = this.#count(tenant) - 1;
    if (left > 0) {
      this.#running.set(tenant, left);
    } else {
      this.#running.delete(tenant);
    }
  }

  #count(tenant: string): number {
    return this.#running.get(tenant) ?? 0;
  }
}

function once(run: () => void): () => void {
  let done = false;
  return () => {
    if (!done) {
      done = true;
      run();
    }
  };
}
