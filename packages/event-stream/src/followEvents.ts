import { ResponseError } from '@backstage/errors';
import { readBody } from './readBody';
import { readEventStream, type ServerSentEvent } from './readEventStream';

/** Three heartbeats of a stream of the portal. */
const SILENCE_MILLISECONDS = 45_000;

const FIRST_RETRY_MILLISECONDS = 1_000;
const LAST_RETRY_MILLISECONDS = 30_000;

/**
 * Hands over the events of a stream until the signal aborts, and connects again where the
 * connection broke.
 *
 * @param open - asks for the stream with these headers; throws where the portal refuses
 * @throws ResponseError when the portal refuses for good, with a status below 500
 */
export async function followEvents(options: {
  open(headers: Record<string, string>): Promise<Response>;
  signal: AbortSignal;
  onOpen(): void;
  onEvent(event: ServerSentEvent): void;
  /** The connection broke and is tried again. */
  onRetry(): void;
}): Promise<void> {
  const { open, signal, onOpen, onEvent, onRetry } = options;
  let lastEventId: string | undefined;
  let wait = FIRST_RETRY_MILLISECONDS;
  while (!signal.aborted) {
    try {
      const response = await open({
        Accept: 'text/event-stream',
        ...(lastEventId && { 'Last-Event-ID': lastEventId }),
      });
      onOpen();
      wait = FIRST_RETRY_MILLISECONDS;
      for await (const event of readEventStream(readText(response))) {
        lastEventId = event.id ?? lastEventId;
        onEvent(event);
      }
    } catch (error) {
      if (signal.aborted) {
        return;
      }
      if (error instanceof ResponseError && error.statusCode < 500) {
        throw error;
      }
    }
    if (signal.aborted) {
      return;
    }
    onRetry();
    await pause(wait, signal);
    wait = Math.min(wait * 2, LAST_RETRY_MILLISECONDS);
  }
}

async function* readText(response: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const part of readBody(response, SILENCE_MILLISECONDS)) {
    yield decoder.decode(part, { stream: true });
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(done, milliseconds);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}
