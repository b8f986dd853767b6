import { setTimeout as delay } from 'timers/promises';
import { type LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';

/** Waits; ends early when the signal fires. */
export type Wait = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** A wait by the clock. */
export const pause: Wait = (milliseconds, signal) =>
  delay(milliseconds, undefined, { signal }).catch(() => {
    // the signal ended it
  });

/**
 * Does a piece of work again and again until it is stopped: at once while there is
 * more, after a pause when there is none, and later and later while it fails.
 */
export class Loop {
  readonly #stopping = new AbortController();
  #woken = new AbortController();
  #running: Promise<void> | undefined;
  #failures = 0;

  constructor(
    private readonly options: {
      /** For the log: "the relay of the audit". */
      name: string;
      pauseMilliseconds: number;
      /** While it fails; a minute unless told. */
      longestPauseMilliseconds?: number;
      /** Tells whether there is more to do. */
      run: (signal: AbortSignal) => Promise<boolean>;
      logger: LoggerService;
      wait?: Wait;
    },
  ) {}

  start(): void {
    this.#running ??= this.#loop();
  }

  /** Ends the pause. */
  wake(): void {
    this.#woken.abort();
  }

  /** Waits for the piece of work in hand. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #loop(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      // Whoever wakes us during the work is heard after it.
      this.#woken = new AbortController();
      const more = await this.#once(signal);
      if (!more && !signal.aborted) {
        const { pauseMilliseconds, longestPauseMilliseconds } = this.options;
        const milliseconds = Math.min(
          pauseMilliseconds * 2 ** this.#failures,
          Math.max(pauseMilliseconds, longestPauseMilliseconds ?? 60_000),
        );
        // A failure is not hurried.
        const ends = this.#failures
          ? signal
          : AbortSignal.any([signal, this.#woken.signal]);
        await (this.options.wait ?? pause)(milliseconds, ends);
      }
    }
  }

  async #once(signal: AbortSignal): Promise<boolean> {
    const { logger, name } = this.options;
    try {
      const more = await this.options.run(signal);
      if (this.#failures > 0) {
        logger.info(`${name} works again`);
      }
      this.#failures = 0;
      return more;
    } catch (error) {
      if (!signal.aborted) {
        this.#failures = Math.min(this.#failures + 1, 20);
        logger.warn(`${name} failed and tries again: ${stringifyError(error)}`);
      }
      return false;
    }
  }
}
