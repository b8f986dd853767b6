import { once } from 'events';
import { setTimeout as delay } from 'timers/promises';
import { type LoggerService } from '@backstage/backend-plugin-api';
import {
  type AuditEntryView,
  type AuditFilter,
} from '@portico/plugin-audit-common';
import { type PorticoDatabase } from '@portico/database';
import { type Response } from 'express';
import { EntryQuery } from '../query/EntryQuery';
import { type ReadScope } from '../query/ReadScope';
import { type ChainSignal } from './ChainSignal';
import { type EntryAddress, eventId } from './eventId';
import { Seats } from './Seats';
import { TailQuery } from './TailQuery';
import { TailStream } from './TailStream';

const HEARTBEAT_MILLISECONDS = 15_000;
/** A reader that takes nothing for this long is taken for gone. */
const SLOWEST_READER_MILLISECONDS = 30_000;
/** Entries come together rather than one question each when there are many. */
const PAUSE_MILLISECONDS = 100;

/** What a live view shows, and to whom. */
export interface TailRequest {
  userRef: string;
  scope: ReadScope;
  filter: AuditFilter;
  last?: EntryAddress;
  /** Rejects when the reader may not go on; asked at each heartbeat. */
  checkAgain: () => Promise<void>;
}

/** New entries as server-sent events. */
export class LiveTail {
  readonly #signal: ChainSignal;
  readonly #logger: LoggerService;
  readonly #queries: { tail: TailQuery; entries: EntryQuery };
  readonly #heartbeat: number;
  readonly #seats = new Seats({ what: 'live views', perUser: 5, inAll: 200 });
  readonly #open = new Set<AbortController>();

  constructor(options: {
    database: PorticoDatabase;
    signal: ChainSignal;
    logger: LoggerService;
    /** Milliseconds between heartbeats; 15 seconds unless told. */
    heartbeatMilliseconds?: number;
  }) {
    this.#signal = options.signal;
    this.#logger = options.logger;
    this.#queries = {
      tail: new TailQuery(options),
      entries: new EntryQuery(options),
    };
    this.#heartbeat = options.heartbeatMilliseconds ?? HEARTBEAT_MILLISECONDS;
  }

  /**
   * Sends entries until the reader goes, may not read any more, or the portal stops.
   *
   * @throws TooManyOpenError before anything is sent
   */
  async serve(request: TailRequest, response: Response): Promise<void> {
    const leave = this.#seats.take(request.userRef);
    const ending = new AbortController();
    this.#open.add(ending);
    // Both count: a reader who went before the answer began, and one who goes later.
    response.on('close', () => ending.abort());
    response.on('error', () => ending.abort());
    try {
      await this.#serve(request, response, ending);
    } finally {
      this.#open.delete(ending);
      leave();
    }
  }

  /** Ends all live views. */
  close(): void {
    for (const ending of this.#open) {
      ending.abort();
    }
  }

  async #serve(
    request: TailRequest,
    response: Response,
    ending: AbortController,
  ): Promise<void> {
    const { scope, filter, last } = request;
    const queries = this.#queries;
    const heard: { stream?: TailStream } = {};
    const silence = await this.#signal.listen(chain =>
      heard.stream?.signal(chain),
    );
    try {
      // Its positions are read after listening began, so nothing falls in between.
      const stream = await TailStream.open({ queries, scope, filter, last });
      heard.stream = stream;
      ending.signal.addEventListener('abort', () => stream.wake());
      begin(response);
      const heartbeats = this.#beat(request, response, stream, ending);
      try {
        await this.#send(stream, response, ending.signal);
      } catch (error) {
        // Who went is waited for no more; that is no failure.
        if (!ending.signal.aborted) {
          this.#logger.warn(
            'A live view of the audit ended early; its reader will come again',
            error instanceof Error ? error : undefined,
          );
        }
      } finally {
        clearInterval(heartbeats);
      }
    } finally {
      silence();
      if (response.headersSent) {
        response.end();
      }
    }
  }

  async #send(stream: TailStream, response: Response, signal: AbortSignal) {
    while (!signal.aborted) {
      for (const view of await stream.next()) {
        if (signal.aborted) {
          return;
        }
        if (!response.write(toEvent(view))) {
          await once(response, 'drain', {
            signal: AbortSignal.any([
              signal,
              AbortSignal.timeout(SLOWEST_READER_MILLISECONDS),
            ]),
          });
        }
      }
      // Ended early when the reader goes.
      await delay(PAUSE_MILLISECONDS, undefined, { signal }).catch(() => {});
    }
  }

  #beat(
    { checkAgain }: TailRequest,
    response: Response,
    stream: TailStream,
    ending: AbortController,
  ) {
    return setInterval(() => {
      checkAgain().then(
        () => {
          response.write(': still here\n\n');
          // Whatever a lost signal would have told.
          stream.signal();
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

function toEvent(view: AuditEntryView): string {
  return `id: ${eventId(view.entry)}\nevent: entry\ndata: ${JSON.stringify(
    view,
  )}\n\n`;
}
