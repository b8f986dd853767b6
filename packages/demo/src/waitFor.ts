import { setTimeout as wait } from 'node:timers/promises';

/**
 * Asks again and again until there is an answer.
 *
 * @throws Error naming what was waited for when the time is over
 */
export async function waitFor<T>(
  ask: () => Promise<T | undefined>,
  options: {
    /** As in "The portal has no …". */
    what: string;
    limitMilliseconds: number;
    pollMilliseconds: number;
    signal: AbortSignal;
  },
): Promise<T> {
  const limit = Date.now() + options.limitMilliseconds;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) {
      return answer;
    }
    if (Date.now() > limit) {
      throw new Error(
        `${options.what} did not come within ${
          options.limitMilliseconds / 1000
        } s.`,
      );
    }
    await wait(options.pollMilliseconds, undefined, { signal: options.signal });
  }
}
