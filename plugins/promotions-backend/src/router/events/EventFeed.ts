import { type LoggerService } from '@backstage/backend-plugin-api';
import { type PorticoDatabase } from '@portico/database';
import {
  type DeliveryEvent,
  deliveryEventSchema,
} from '@portico/plugin-promotions-common';
import { z } from 'zod';
import { type EventPosition } from './eventPosition';

/** Events that are read in one go. */
const BATCH = 500;
const PAUSE_MILLISECONDS = 300;
const LONGEST_PAUSE_MILLISECONDS = 10_000;

/** An event, its id and its place. */
export interface FedEvent extends EventPosition {
  /** UUID; says nothing of how many events there are. */
  id: string;
  event: DeliveryEvent;
}

/** Is told the events of one tenant in their order. */
export type EventListener = (event: FedEvent) => void;

const rowSchema = z.object({
  horizon: z.string(),
  writer: z.string().nullable(),
  sequence: z.string().nullable(),
  id: z.string().nullable(),
  tenant: z.string().nullable(),
  event: z.unknown(),
});

/*
 * What a transaction wrote that is older than every running one can be followed by nothing
 * that comes before it. The horizon comes back even where nothing is new.
 */
const READ_NEW = `
  select horizon::text, new.*
    from pg_snapshot_xmin(pg_current_snapshot()) as horizon
    left join lateral (
      select writer::text, sequence::text, id::text, tenant, event
        from portico_promotions.events e
       where e.tenant = any($1::text[]) and e.writer < horizon
         and (e.writer, e.sequence) > ($2::xid8, $3::bigint)
       order by e.writer, e.sequence limit ${BATCH}
    ) as new on true`;

const BEGINNING: EventPosition = { writer: '0', sequence: '0' };
const positionSchema = z.object({ writer: z.string(), sequence: z.string() });

const READ_HORIZON =
  'select pg_snapshot_xmin(pg_current_snapshot())::text as horizon';

/**
 * Tells listeners what changed in their tenants. It asks the database while somebody
 * listens, once for all listeners of the process.
 */
export class EventFeed {
  readonly #database: PorticoDatabase;
  readonly #logger: LoggerService;
  readonly #listeners = new Map<string, Set<EventListener>>();
  #position: EventPosition | undefined;
  /** A question that is on its way. */
  #reading: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #pause = PAUSE_MILLISECONDS;

  constructor(options: { database: PorticoDatabase; logger: LoggerService }) {
    this.#database = options.database;
    this.#logger = options.logger;
  }

  /**
   * Calls a listener with each event behind the position that it answers with.
   *
   * @returns `silence` ends it
   */
  async listen(
    tenant: string,
    listener: EventListener,
  ): Promise<{ position: EventPosition; silence: () => void }> {
    const position = await this.#standStill();
    // Nothing else runs between here and the return.
    const listeners = this.#listeners.get(tenant) ?? new Set();
    this.#listeners.set(tenant, listeners.add(listener));
    this.#schedule(this.#pause);
    return {
      position,
      silence: () => {
        listeners.delete(listener);
        if (listeners.size === 0 && this.#listeners.get(tenant) === listeners) {
          this.#listeners.delete(tenant);
        }
        if (this.#listeners.size === 0) {
          this.#rest();
        }
      },
    };
  }

  /**
   * Events of a tenant up to a place, oldest first.
   *
   * @param after - id of the last one that was seen; for one that is not known, which may
   *   be one that is forgotten, all that are kept
   * @param upTo - the place that listening began at
   */
  async *between(
    tenant: string,
    after: string,
    upTo: EventPosition,
  ): AsyncGenerator<FedEvent> {
    let last = await this.#positionOf(tenant, after);
    for (;;) {
      const events = await this.#batch(tenant, last, upTo);
      yield* events;
      const newest = events.at(-1);
      if (events.length < BATCH || !newest) {
        return;
      }
      last = newest;
    }
  }

  /** Stops asking; listeners hear nothing any more. */
  close(): void {
    this.#listeners.clear();
    this.#rest();
  }

  async #positionOf(tenant: string, id: string): Promise<EventPosition> {
    const { rows } = await this.#database.inTenant(tenant, transaction =>
      transaction.raw(
        `select writer::text, sequence::text from portico_promotions.events
          where tenant = ? and id = ?`,
        [tenant, id],
      ),
    );
    const [position = BEGINNING] = z.array(positionSchema).parse(rows);
    return position;
  }

  async #batch(
    tenant: string,
    after: EventPosition,
    upTo: EventPosition,
  ): Promise<FedEvent[]> {
    const { rows } = await this.#database.inTenant(tenant, transaction =>
      transaction.raw(
        `select writer::text, sequence::text, id::text, event
           from portico_promotions.events
          where tenant = ? and (writer, sequence) > (?::xid8, ?::bigint)
            and (writer, sequence) <= (?::xid8, ?::bigint)
          order by writer, sequence limit ${BATCH}`,
        [tenant, after.writer, after.sequence, upTo.writer, upTo.sequence],
      ),
    );
    return z.array(z.unknown()).parse(rows).flatMap(toEvent);
  }

  /**
   * The position while no question is on its way: such a one would not ask for the tenant
   * of who comes meanwhile, and step over its events.
   */
  async #standStill(): Promise<EventPosition> {
    for (;;) {
      if (this.#reading) {
        await this.#reading;
      } else if (this.#position) {
        return this.#position;
      } else {
        this.#reading = this.#begin().finally(() => {
          this.#reading = undefined;
        });
      }
    }
  }

  async #begin(): Promise<void> {
    const [row] = await this.#database.statementAsPlatform({
      name: 'promotions_event_horizon',
      text: READ_HORIZON,
      values: [],
    });
    const { horizon } = z.object({ horizon: z.string() }).parse(row);
    this.#position = { writer: horizon, sequence: '0' };
  }

  #rest(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#position = undefined;
  }

  #schedule(milliseconds: number): void {
    if (this.#timer || this.#listeners.size === 0) {
      return;
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#reading = this.#tick().finally(() => {
        this.#reading = undefined;
      });
    }, milliseconds);
    this.#timer.unref();
  }

  /** Never throws: what cannot be read now is read later. */
  async #tick(): Promise<void> {
    try {
      const isMore = await this.#readOn();
      this.#pause = PAUSE_MILLISECONDS;
      this.#schedule(isMore ? 0 : this.#pause);
    } catch (error) {
      this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE_MILLISECONDS);
      this.#logger.warn(
        `The events of delivery could not be read and are read again in ${
          this.#pause
        } ms: pages are late until then`,
        error instanceof Error ? error : undefined,
      );
      this.#schedule(this.#pause);
    }
  }

  /** @returns whether there is more at once */
  async #readOn(): Promise<boolean> {
    const from = this.#position;
    if (!from) {
      return false;
    }
    const rows = z.array(rowSchema).parse(
      await this.#database.statementAsPlatform({
        name: 'promotions_new_events',
        text: READ_NEW,
        values: [[...this.#listeners.keys()], from.writer, from.sequence],
      }),
    );
    if (this.#position !== from) {
      // Everybody left meanwhile.
      return false;
    }
    const last = rows.at(-1);
    const isMore = rows.length === BATCH;
    if (last) {
      this.#position =
        isMore && last.writer !== null && last.sequence !== null
          ? { writer: last.writer, sequence: last.sequence }
          : { writer: last.horizon, sequence: '0' };
    }
    for (const row of rows) {
      const listeners = this.#listeners.get(row.tenant ?? '') ?? [];
      for (const event of toEvent(row)) {
        for (const listener of listeners) {
          listener(event);
        }
      }
    }
    return isMore;
  }
}

const eventRowSchema = z.object({
  writer: z.string(),
  sequence: z.string(),
  id: z.string(),
  event: deliveryEventSchema,
});

/** One event; none for a row that another version of the portal wrote. */
function toEvent(row: unknown): FedEvent[] {
  const result = eventRowSchema.safeParse(row);
  return result.success ? [result.data] : [];
}
