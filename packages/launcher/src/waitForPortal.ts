import { setTimeout as delay } from 'timers/promises';

/** Waits until the portal says that it is ready. */
export async function waitForPortal(
  address: string,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    try {
      const answer = await fetch(`${address}/.backstage/health/v1/readiness`, {
        signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]),
      });
      await answer.body?.cancel();
      // The progress page answers 503 here.
      if (answer.ok) return;
    } catch {
      // nobody listens between the progress page and the portal
    }
    await delay(200, undefined, { signal });
  }
}
