import { setTimeout as delay } from 'node:timers/promises';
import { type RequestHandler } from 'express';

/** So long a request may still run once the portal is told to end. */
const LONGEST_DRAIN_MILLISECONDS = 30_000;
const LOOK_AGAIN_MILLISECONDS = 20;

/**
 * Counts the requests that run, and waits for them before the portal ends.
 *
 * Plugins give up their connections to the database when they end, so whatever still runs
 * has to be answered before. Whoever keeps a connection open is told to open another one,
 * which then leads to another replica.
 */
export class RequestsInFlight {
  readonly #longestMilliseconds: number;
  #running = 0;
  #ending = false;

  constructor(longestMilliseconds: number = LONGEST_DRAIN_MILLISECONDS) {
    this.#longestMilliseconds = longestMilliseconds;
  }

  /** How many run at this moment. */
  get running(): number {
    return this.#running;
  }

  /** Marks answers from the moment on at which the portal is to end. */
  readonly handler: RequestHandler = (_request, response, next) => {
    if (this.#ending) {
      response.setHeader('Connection', 'close');
    }
    next();
  };

  /** One more runs; to be told when its answer was sent, or nobody waits for it. */
  begin(): () => void {
    this.#running += 1;
    let ended = false;
    return () => {
      this.#running -= ended ? 0 : 1;
      ended = true;
    };
  }

  /**
   * Goes on answering until nobody sends requests any more, then lets those end that run.
   *
   * @param noticeMilliseconds - so long it takes until everybody knows
   * @returns how many still ran when it took too long
   */
  async drain(noticeMilliseconds: number): Promise<number> {
    this.#ending = true;
    await delay(noticeMilliseconds);
    const until = performance.now() + this.#longestMilliseconds;
    while (this.#running > 0 && performance.now() < until) {
      await delay(LOOK_AGAIN_MILLISECONDS);
    }
    return this.#running;
  }
}
