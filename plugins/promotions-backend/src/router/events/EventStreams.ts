import { once } from 'events';
import { type LoggerService } from '@backstage/backend-plugin-api';
import { CustomErrorBase } from '@backstage/errors';
import { type Response } from 'express';
import { type EventFeed, type FedEvent } from './EventFeed';

const HEARTBEAT_MILLISECONDS = 15_000;
/** A reader that takes nothing for this long is taken for gone. */
const SLOWEST_READER_MILLISECONDS = 30_000;
/** Events that wait for one reader; who is further behind comes again. */
const MOST_WAITING = 1_000;
const MOST_PER_USER = 5;
const MOST_IN_ALL = 500;

/** Somebody has too many streams open; the answer is 429. */
export class TooManyStreamsError extends CustomErrorBase {
  override name = 'TooManyStreamsError' as const;
  readonly statusCode = 429;
}

/** Who follows the events of a tenant. */
export interface StreamRequest {
  tenant: string;
  userRef: string;
  /** Id of the event that was seen last; it begins with what is new without. */
  last?: string;
  /** Rejects when the reader may not go on; asked at each heartbeat. */
  checkAgain: () => Promise<unknown>;
}

/** Events that one reader has not taken yet. */
class WaitingEvents {
  readonly #events: FedEvent[] = [];
  #wake = () => {};

  /** @returns how many wait */
  add(event: FedEvent): number {
    const count = this.#events.push(event);
    this.#wake();
    return count;
  }

  /** Ends the waiting of `next`. */
  wake(): void {
    this.#wake();
  }

  /** The oldest one, when there is one; nothing when woken without. */
  async next(): Promise<FedEvent | undefined> {
    if (this.#events.length === 0) {
      await new Promise<void>(resolve => {
        this.#wake = resolve;
      });
    }
    return this.#events.shift();
  }
}

/** Sends what changes in a tenant as server-sent events. */
export class EventStreams {
  readonly #feed: EventFeed;
  readonly #logger: LoggerService;
  readonly #heartbeat: number;
  readonly #open = new Map<AbortController, string>();

  constructor(options: {
    feed: EventFeed;
    logger: LoggerService;
    /** Milliseconds between heartbeats; 15 seconds unless told. */
    heartbeatMilliseconds?: number;
  }) {
    this.#feed = options.feed;
    this.#logger = options.logger;
    this.#heartbeat = options.heartbeatMilliseconds ?? HEARTBEAT_MILLISECONDS;
  }

  /**
   * Sends events until the reader goes, may not read any more, or the portal stops.
   *
   * @throws TooManyStreamsError before anything is sent
   */
  async serve(request: StreamRequest, response: Response): Promise<void> {
    this.#requireSeat(request.userRef);
    const ending = new AbortController();
    this.#open.set(ending, request.userRef);
    // Both count: a reader who went before the answer began, and one who goes later.
    response.on('close', () => ending.abort());
    response.on('error', () => ending.abort());
    try {
      await this.#serve(request, response, ending);
    } finally {
      this.#open.delete(ending);
      if (response.headersSent) {
        response.end();
      }
    }
  }

  /** Ends all streams. */
  close(): void {
    for (const ending of this.#open.keys()) {
      ending.abort();
    }
  }

  #requireSeat(userRef: string): void {
    const mine = [...this.#open.values()].filter(ref => ref === userRef).length;
    if (mine >= MOST_PER_USER) {
      throw new TooManyStreamsError(
        `You have ${mine} streams of delivery open, which is the most at a time: close one`,
      );
    }
    if (this.#open.size >= MOST_IN_ALL) {
      throw new TooManyStreamsError(
        'All streams of delivery are taken: try again in a minute',
      );
    }
  }

  async #serve(
    request: StreamRequest,
    response: Response,
    ending: AbortController,
  ): Promise<void> {
    const waiting = new WaitingEvents();
    const { position, silence } = await this.#feed.listen(
      request.tenant,
      event => {
        if (waiting.add(event) > MOST_WAITING) {
          ending.abort();
        }
      },
    );
    ending.signal.addEventListener('abort', () => waiting.wake());
    begin(response);
    const heartbeats = this.#beat(request, response, ending);
    try {
      if (request.last) {
        const { tenant, last } = request;
        for await (const event of this.#feed.between(tenant, last, position)) {
          await send(response, event, ending.signal);
        }
      }
      while (!ending.signal.aborted) {
        const event = await waiting.next();
        if (event) {
          await send(response, event, ending.signal);
        }
      }
    } catch (error) {
      // Who went is waited for no more; that is no failure.
      if (!ending.signal.aborted) {
        this.#logger.warn(
          'A stream of delivery ended early; its reader will come again',
          error instanceof Error ? error : undefined,
        );
      }
    } finally {
      clearInterval(heartbeats);
      silence();
    }
  }

  #beat(
    { checkAgain }: StreamRequest,
    response: Response,
    ending: AbortController,
  ) {
    return setInterval(() => {
      checkAgain().then(
        () => {
          response.write(': still here\n\n');
        },
        () => {
          response.write(
            'event: end\ndata: {"reason":"You may not read this any more; sign in again"}\n\n',
          );
          ending.abort();
        },
      );
    }, this.#heartbeat);
  }
}

function begin(response: Response): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    // Nothing on the way may keep events back to compress or collect them.
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
  });
  response.write('retry: 3000\n\n');
}

async function send(
  response: Response,
  event: FedEvent,
  signal: AbortSignal,
): Promise<void> {
  const text = `id: ${event.id}\nevent: delivery\ndata: ${JSON.stringify(
    event.event,
  )}\n\n`;
  if (!signal.aborted && !response.write(text)) {
    await once(response, 'drain', {
      signal: AbortSignal.any([
        signal,
        AbortSignal.timeout(SLOWEST_READER_MILLISECONDS),
      ]),
    });
  }
}
