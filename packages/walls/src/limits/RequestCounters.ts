import { type LoggerService } from '@backstage/backend-plugin-api';
import { type PorticoDatabase } from '@portico/database';
import { z } from 'zod';
import { type RequestLimit, type RequestLimits } from './readRequestLimits';
import { TooManyRequestsError } from './TooManyRequestsError';

/** Whose requests are counted together. */
export type Counted = Exclude<keyof RequestLimits, 'atOnce' | 'listsAtOnce'>;

/** How long a replica counts for itself before it tells the others. */
const FLUSH_MILLISECONDS = 200;
const CLEAN_UP_MILLISECONDS = 60_000;

const ADD = `
  insert into portico_walls.request_counters as counter (key, requests, expires_at)
  select added.key, added.requests, to_timestamp(added.expires_at)
    from unnest($1::text[], $2::integer[], $3::double precision[])
           as added (key, requests, expires_at)
   -- replicas lock rows in one order
   order by added.key
  on conflict (key) do update set requests = counter.requests + excluded.requests
  returning key, requests`;

const CLEAN_UP = `
  delete from portico_walls.request_counters where expires_at < to_timestamp($1)`;

const rowsSchema = z.array(
  z.object({ key: z.string(), requests: z.number().int() }),
);

/** What is known of one counter in one window. */
interface Counter {
  /** End of the window, in milliseconds since the epoch. */
  endsAt: number;
  /** Of all replicas, as the database said last. */
  told: number;
  /** Of this replica, and not in the database yet. */
  fresh: number;
}

/**
 * Counts requests in windows of time, all replicas together.
 *
 * A request is counted and refused from memory, so that no request waits for the database
 * and a storm costs it nothing. Five times a second the sums go to PostgreSQL in one
 * statement, which answers with those of all replicas: together they answer more than the
 * limit by no more than what reached the others within that time. While the database is
 * silent each replica counts for itself.
 */
export class RequestCounters {
  readonly #database: Pick<PorticoDatabase, 'statementAsPlatform'>;
  readonly #limits: RequestLimits;
  readonly #logger: Pick<LoggerService, 'warn'>;
  readonly #now: () => number;
  readonly #counters = new Map<string, Counter>();
  #timer: NodeJS.Timeout | undefined;
  #flushing: Promise<void> = Promise.resolve();
  #cleanUpAt = 0;

  constructor(options: {
    database: Pick<PorticoDatabase, 'statementAsPlatform'>;
    limits: RequestLimits;
    logger: Pick<LoggerService, 'warn'>;
    now?: () => number;
  }) {
    this.#database = options.database;
    this.#limits = options.limits;
    this.#logger = options.logger;
    this.#now = options.now ?? Date.now;
  }

  /**
   * Counts one request; refused ones are not counted.
   *
   * @throws TooManyRequestsError when the limit of the window is reached
   */
  count(counted: Counted, key: string): void {
    const limit = this.#limits[counted];
    const counter = this.#counter(counted, key, limit);
    if (counter.told + counter.fresh >= limit.requests) {
      throw new TooManyRequestsError(
        `Too many requests of this ${counted}: wait until the window ends`,
        Math.max(1, Math.ceil((counter.endsAt - this.#now()) / 1_000)),
      );
    }
    counter.fresh += 1;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      // It says itself what went wrong.
      this.flush().catch(() => {});
    }, FLUSH_MILLISECONDS).unref();
  }

  /** Tells the other replicas what was counted, and learns what they have counted. */
  flush(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#exchange());
    return this.#flushing;
  }

  /** Stops counting; what was counted last is told. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.flush();
  }

  #counter(counted: Counted, key: string, limit: RequestLimit): Counter {
    const length = limit.seconds * 1_000;
    const endsAt = (Math.floor(this.#now() / length) + 1) * length;
    // Windows begin at the same times everywhere, so their ends name them.
    const name = `${counted}:${key}@${endsAt}`;
    const known = this.#counters.get(name);
    if (known) {
      return known;
    }
    const counter: Counter = { endsAt, told: 0, fresh: 0 };
    this.#counters.set(name, counter);
    return counter;
  }

  async #exchange(): Promise<void> {
    const now = this.#now();
    const sums: Array<{ name: string; counter: Counter; requests: number }> =
      [];
    for (const [name, counter] of this.#counters) {
      if (counter.endsAt <= now) {
        this.#counters.delete(name);
      } else if (counter.fresh > 0) {
        sums.push({ name, counter, requests: counter.fresh });
      }
    }
    try {
      if (sums.length > 0) {
        await this.#add(sums);
      }
      if (now >= this.#cleanUpAt) {
        this.#cleanUpAt = now + CLEAN_UP_MILLISECONDS;
        await this.#database.statementAsPlatform({
          name: 'walls-clean-up-requests',
          text: CLEAN_UP,
          values: [now / 1_000],
        });
      }
    } catch (error) {
      this.#logger.warn(
        `Requests are counted by this replica alone, because the database did not take the sums: ${error}`,
      );
    }
  }

  async #add(
    sums: ReadonlyArray<{ name: string; counter: Counter; requests: number }>,
  ): Promise<void> {
    const rows = rowsSchema.parse(
      await this.#database.statementAsPlatform({
        name: 'walls-add-requests',
        text: ADD,
        values: [
          sums.map(({ name }) => name),
          sums.map(({ requests }) => requests),
          sums.map(({ counter }) => counter.endsAt / 1_000),
        ],
      }),
    );
    const totals = new Map(rows.map(row => [row.key, row.requests]));
    for (const { name, counter, requests } of sums) {
      counter.told = totals.get(name) ?? counter.told;
      counter.fresh -= requests;
    }
  }
}
