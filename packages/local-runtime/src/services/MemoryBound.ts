/** A service, as far as its memory is concerned. */
export interface BoundedService {
  readonly isAwake: boolean;
  readonly isStarting: boolean;
  readonly usedAt: number;
  readonly memoryBytes: number | undefined;
  sleep(why: string): Promise<void>;
}

/** What a process is taken to need until it was measured. */
const ASSUMED_BYTES = 96 * 1024 * 1024;
/** As many as the smallest machine has cores. */
const CONCURRENT_STARTS = 2;
const WHY =
  'Another service needs the memory that all share: the one used least recently goes to sleep.';

/** Bounds the memory of all services: the least recently used one sleeps first. */
export class MemoryBound {
  #starting = 0;
  #turn: Promise<unknown> = Promise.resolve();
  readonly #waiting: Array<() => void> = [];

  constructor(
    private readonly limitBytes: number,
    private readonly services: () => BoundedService[],
  ) {}

  get usage(): { awake: number; memoryBytes: number } {
    const awake = this.services().filter(({ isAwake }) => isAwake);
    return {
      awake: awake.length,
      memoryBytes: awake.reduce(
        (sum, { memoryBytes }) => sum + (memoryBytes ?? 0),
        0,
      ),
    };
  }

  /**
   * Waits until a service may start, and makes room for it.
   *
   * @returns to be called when it has started or failed
   */
  admit(service: BoundedService): Promise<() => void> {
    const turn = this.#turn.then(async () => {
      for (;;) {
        if (this.#starting < CONCURRENT_STARTS) {
          const victim =
            this.#needed() > this.limitBytes && this.#victim(service);
          if (victim) {
            await victim.sleep(WHY);
            continue;
          }
          // Without anyone to put to sleep, those that start are waited for.
          if (this.#needed() <= this.limitBytes || this.#starting === 0) {
            break;
          }
        }
        await new Promise<void>(resolve => this.#waiting.push(resolve));
      }
      this.#starting += 1;
      return () => {
        this.#starting -= 1;
        for (const wake of this.#waiting.splice(0)) {
          wake();
        }
      };
    });
    this.#turn = turn.catch(() => {});
    return turn;
  }

  /** Puts services to sleep while all together take more than they may. */
  async enforce(): Promise<void> {
    while (this.usage.memoryBytes > this.limitBytes) {
      const victim = this.#victim(undefined);
      if (!victim || this.usage.awake < 2) {
        return;
      }
      await victim.sleep(WHY);
    }
  }

  /** What all need with one more. */
  #needed(): number {
    const awake = this.services().filter(({ isAwake }) => isAwake);
    return awake.reduce(
      (sum, { memoryBytes }) => sum + (memoryBytes ?? ASSUMED_BYTES),
      (this.#starting + 1) * ASSUMED_BYTES,
    );
  }

  #victim(except: BoundedService | undefined): BoundedService | undefined {
    return this.services()
      .filter(
        service => service.isAwake && !service.isStarting && service !== except,
      )
      .sort((a, b) => a.usedAt - b.usedAt)[0];
  }
}
