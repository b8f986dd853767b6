import { setTimeout as wait } from 'node:timers/promises';

const LONGEST_PAUSE_FACTOR = 16;

export interface Schedule {
  /** Begins no more runs, and waits for the one that is at work. */
  stop(): Promise<void>;
}

/** The pause before the next run: it doubles with each failure in a row. */
export function pauseAfter(
  failures: number,
  everyMilliseconds: number,
): number {
  return everyMilliseconds * Math.min(2 ** failures, LONGEST_PAUSE_FACTOR);
}

/** Runs at once and then again and again, one run at a time, whatever a run throws. */
export function startSchedule(options: {
  everyMilliseconds: number;
  run: () => Promise<void>;
}): Schedule {
  const { everyMilliseconds, run } = options;
  const stopping = new AbortController();

  async function repeat(): Promise<void> {
    let failures = 0;
    while (!stopping.signal.aborted) {
      try {
        await run();
        failures = 0;
      } catch {
        // Told by whoever runs it; here it only makes the pause longer.
        failures += 1;
      }
      await wait(pauseAfter(failures, everyMilliseconds), undefined, {
        signal: stopping.signal,
      }).catch(() => {});
    }
  }

  const ended = repeat();
  return {
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}
