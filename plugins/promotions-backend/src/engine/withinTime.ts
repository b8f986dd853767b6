import { ServiceUnavailableError } from '@backstage/errors';

/** Ends the waiting for something outside that takes too long, or is not wanted any more. */
export async function withinTime<T>(
  what: string,
  milliseconds: number,
  lost: AbortSignal,
  fn: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const time = AbortSignal.timeout(milliseconds);
  const signal = AbortSignal.any([time, lost]);
  let onAbort = () => {};
  const ended = new Promise<never>((_, reject) => {
    onAbort = () =>
      reject(
        lost.aborted
          ? lost.reason
          : new ServiceUnavailableError(
              `${what} took longer than ${milliseconds / 1000} seconds`,
            ),
      );
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    if (signal.aborted) {
      onAbort();
    }
    return await Promise.race([fn(signal), ended]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
