import { type HttpAnswer } from './sendRequest';

/**
 * For how long the host asks to wait, for the end of a sentence; undefined when it does not
 * ask to. GitHub says 403 as well when too much was asked.
 */
export function waitTime(
  { status, headers }: Pick<HttpAnswer, 'status' | 'headers'>,
  now: Date,
): string | undefined {
  const after = headers['retry-after'];
  const isSpent =
    headers['x-ratelimit-remaining'] === '0' &&
    headers['x-ratelimit-reset'] !== undefined;
  if (status !== 429 && !(status === 403 && (after !== undefined || isSpent))) {
    return undefined;
  }
  const seconds = after === undefined ? undefined : secondsOf(after, now);
  if (seconds !== undefined) {
    return ` ${seconds} s`;
  }
  const reset = Number(headers['x-ratelimit-reset']);
  return Number.isFinite(reset)
    ? ` ${Math.max(0, Math.ceil(reset - now.getTime() / 1_000))} s`
    : '';
}

/** Either seconds or a date, as HTTP has it. */
function secondsOf(text: string, now: Date): number | undefined {
  if (/^\d{1,9}$/.test(text)) {
    return Number(text);
  }
  const date = Date.parse(text);
  return Number.isNaN(date)
    ? undefined
    : Math.max(0, Math.ceil((date - now.getTime()) / 1_000));
}
