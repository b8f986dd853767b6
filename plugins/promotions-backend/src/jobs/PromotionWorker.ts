import { once } from 'node:events';
import { type LoggerService } from '@backstage/backend-plugin-api';
import { isError } from '@backstage/errors';
import {
  type PorticoDatabase,
  type PorticoDatabaseConnection,
  toPoolConfig,
} from '@portico/database';
import { Logger, run, type Runner } from 'graphile-worker';
import { Pool } from 'pg';
import { z } from 'zod';
import { type PromotionEngine } from '../engine/PromotionEngine';
import { ADVANCE_TASK } from './tasks';

const JOBS_AT_ONCE = 4;
const SCAN_MILLISECONDS = 2_000;
const LONGEST_SETTLING_MILLISECONDS = 5_000;
/** As many as one scan takes on; the next one takes the others. */
const MOST_PER_SCAN = 50;
/** No wait is that long: the clock was put back since. */
const IMPLAUSIBLE_MILLISECONDS = 10 * 60_000;

const payloadSchema = z.object({ tenant: z.string(), id: z.string() });
type Payload = z.infer<typeof payloadSchema>;

/**
 * Has promotions looked at when their time has come.
 *
 * Jobs are hints that make it quick. What nobody looks at though it is due, because a
 * process was killed or a job was lost, is found by a scan every other second: any replica
 * takes it on. So neither a kill nor the queue's own lock of hours holds a promotion up.
 */
export class PromotionWorker {
  readonly #database: PorticoDatabase;
  readonly #engine: Pick<PromotionEngine, 'advance'>;
  readonly #logger: LoggerService;
  readonly #now: () => Date;
  readonly #pool: Pool;
  #runner: Runner | undefined;
  #timer: NodeJS.Timeout | undefined;
  #scanning: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: {
    database: PorticoDatabase;
    engine: Pick<PromotionEngine, 'advance'>;
    logger: LoggerService;
    now: () => Date;
    connection: PorticoDatabaseConnection;
  }) {
    this.#database = options.database;
    this.#engine = options.engine;
    this.#logger = options.logger;
    this.#now = options.now;
    this.#pool = new Pool({
      ...toPoolConfig(options.connection),
      max: JOBS_AT_ONCE + 2,
      application_name: 'portico: workers of promotions',
      connectionTimeoutMillis: 10_000,
    });
    // A connection that breaks must not end the process; the worker opens another.
    this.#pool.on('error', () => {});
    this.#pool.on('connect', client => client.on('error', () => {}));
  }

  async start(): Promise<void> {
    this.#runner = await run({
      pgPool: this.#pool,
      concurrency: JOBS_AT_ONCE,
      pollInterval: 1_000,
      noHandleSignals: true,
      crontab: '',
      logger: quietLogger(this.#logger),
      taskList: {
        [ADVANCE_TASK]: async payload =>
          this.#advance(payloadSchema.parse(payload)),
      },
    });
    this.#runner.promise.catch(error => {
      this.#logger.error('The workers of promotions stopped', error);
    });
    this.#schedule();
  }

  /** Lets what runs end, for some seconds; whatever does not is taken on by others. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#runner?.stop().catch(error => {
      this.#logger.debug(`The workers stopped late: ${error}`);
    });
    await this.#scanning;
    await this.#settled();
    await this.#pool.end();
  }

  /**
   * The queue ends before it has written which jobs are done, and a pool that ends in
   * between leaves that waiting for a connection in vain.
   */
  async #settled(): Promise<void> {
    const signal = AbortSignal.timeout(LONGEST_SETTLING_MILLISECONDS);
    try {
      while (
        this.#pool.waitingCount > 0 ||
        this.#pool.totalCount > this.#pool.idleCount
      ) {
        await once(this.#pool, 'release', { signal });
      }
    } catch {
      this.#logger.debug('The queue was still writing when it was ended');
    }
  }

  /** Looks at everything that is due and that nobody has. */
  async scan(): Promise<void> {
    const due = await this.#due();
    let next = 0;
    const takeOn = async () => {
      for (let one = due[next++]; one && !this.#stopped; one = due[next++]) {
        await this.#advance(one);
      }
    };
    await Promise.all(Array.from({ length: JOBS_AT_ONCE }, takeOn));
  }

  #schedule(): void {
    if (this.#stopped) {
      return;
    }
    this.#timer = setTimeout(() => {
      this.#scanning = this.scan()
        .catch(error => {
          this.#logger.warn(
            `What is due could not be looked up: ${
              isError(error) ? error.message : error
            }`,
          );
        })
        .finally(() => this.#schedule());
    }, SCAN_MILLISECONDS);
    this.#timer.unref();
  }

  async #due(): Promise<Payload[]> {
    const now = this.#now();
    const { rows } = await this.#database.asPlatform(
      'find promotions that are due',
      transaction =>
        transaction.raw(
          `select tenant, id from portico_promotions.promotions
            where (due_at <= ? or due_at > ?) and ended_at is null
              and (leased_until is null or leased_until < clock_timestamp())
            order by due_at limit ${MOST_PER_SCAN}`,
          [now, new Date(now.getTime() + IMPLAUSIBLE_MILLISECONDS)],
        ),
    );
    return z.array(payloadSchema).parse(rows);
  }

  /** A job that fails is not tried again by the queue: the scan finds what is due. */
  async #advance(promotion: Payload): Promise<void> {
    try {
      await this.#engine.advance(promotion);
    } catch (error) {
      this.#logger.error(
        `The promotion ${promotion.id} could not be looked at`,
        isError(error) ? error : new Error(String(error)),
      );
    }
  }
}

/** What the queue says about each job is of no use to operators. */
function quietLogger(logger: LoggerService): Logger {
  return new Logger(() => (level, message) => {
    if (level === 'error') {
      logger.error(message);
    } else if (level === 'warning') {
      logger.warn(message);
    } else {
      logger.debug(message);
    }
  });
}
