import { setTimeout as pause } from 'node:timers/promises';

const PATIENCE_MS = 90_000;
const PAUSE_MS = 250;

/** Asks a system until the answer is one that is waited for, or for a while; gives the last one. */
export async function until<T>(
  ask: () => Promise<T>,
  isIt: (answer: T) => boolean,
): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (isIt(answer) || Date.now() > deadline) {
      return answer;
    }
    await pause(PAUSE_MS);
  }
}
