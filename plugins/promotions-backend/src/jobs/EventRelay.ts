import { type LoggerService } from '@backstage/backend-plugin-api';
import { isError } from '@backstage/errors';
import { type EventsService } from '@backstage/plugin-events-node';
import { type PorticoDatabase } from '@portico/database';
import { deliveryEventSchema } from '@portico/plugin-promotions-common';
import {
  PROMOTIONS_TOPIC,
  type PromotionsEvent,
} from '@portico/plugin-promotions-node';
import { z } from 'zod';

const PAUSE_MILLISECONDS = 1_000;
const BATCH = 500;
/** Old events are of no use to anybody: the truth is in the other tables. */
const KEPT_DAYS = 7;
const CLEAN_UP_MILLISECONDS = 3_600_000;

const rowSchema = z.object({
  writer: z.string(),
  sequence: z.string(),
  tenant: z.string(),
  at: z.date(),
  event: z.unknown(),
});
const placeSchema = z.object({ writer: z.string(), sequence: z.string() });

/** A place in the order of events: whose commit, and which of its events. */
type Place = z.infer<typeof placeSchema>;

/**
 * Tells the other backend parts of this process what changed, from whichever replica it
 * came. Every replica does, so a receiver that must act once goes by the id.
 *
 * It begins with what happens after its start: an event is a hint, and what matters is read
 * from the tables.
 */
export class EventRelay {
  readonly #database: PorticoDatabase;
  readonly #events: Pick<EventsService, 'publish'>;
  readonly #logger: LoggerService;
  #last: Place | undefined;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;
  #cleanedAt = 0;

  constructor(options: {
    database: PorticoDatabase;
    events: Pick<EventsService, 'publish'>;
    logger: LoggerService;
  }) {
    this.#database = options.database;
    this.#events = options.events;
    this.#logger = options.logger;
  }

  start(): void {
    this.#schedule(0);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #schedule(pause: number): void {
    if (this.#stopped) {
      return;
    }
    this.#timer = setTimeout(() => {
      this.#running = this.relay()
        .catch(error => {
          this.#logger.warn(
            `Events of promotions could not be read: ${
              isError(error) ? error.message : error
            }`,
          );
          return false;
        })
        .then(isMore => this.#schedule(isMore ? 0 : PAUSE_MILLISECONDS));
    }, pause);
    this.#timer.unref();
  }

  /**
   * Tells what is new; the first time it only looks where the end is.
   *
   * @returns whether there may be more
   */
  async relay(): Promise<boolean> {
    this.#last ??= await this.#end();
    const { writer, sequence } = this.#last;
    const rows = z.array(rowSchema).parse(
      await this.#database.statementAsPlatform({
        name: 'promotions-events-to-relay',
        // What a transaction wrote that is older than every running one is followed by
        // nothing that comes before it.
        text: `select writer::text, sequence::text, tenant, at, event
                 from portico_promotions.events
                where writer < pg_snapshot_xmin(pg_current_snapshot())
                  and (writer, sequence) > ($1::xid8, $2::bigint)
                order by writer, sequence limit ${BATCH}`,
        values: [writer, sequence],
      }),
    );
    for (const row of rows) {
      const event = deliveryEventSchema.safeParse(row.event);
      if (event.success) {
        const eventPayload: PromotionsEvent = {
          id: row.sequence,
          tenant: row.tenant,
          at: row.at.toISOString(),
          event: event.data,
        };
        await this.#events.publish({ topic: PROMOTIONS_TOPIC, eventPayload });
      }
      this.#last = { writer: row.writer, sequence: row.sequence };
    }
    await this.#cleanUp();
    return rows.length === BATCH;
  }

  async #end(): Promise<Place> {
    const [row] = await this.#database.statementAsPlatform({
      name: 'promotions-events-end',
      text: `select pg_snapshot_xmin(pg_current_snapshot())::text as writer, '0' as sequence`,
      values: [],
    });
    return placeSchema.parse(row);
  }

  async #cleanUp(): Promise<void> {
    if (Date.now() - this.#cleanedAt < CLEAN_UP_MILLISECONDS) {
      return;
    }
    this.#cleanedAt = Date.now();
    await this.#database.asPlatform('forget old events', transaction =>
      transaction.raw(
        `delete from portico_promotions.events where at < now() - interval '${KEPT_DAYS} days'`,
      ),
    );
  }
}
