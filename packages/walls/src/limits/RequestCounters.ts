import { type PorticoDatabaseConnection, roles } from '@portico/database';
import { Pool } from 'pg';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { wallsMigrations } from '../migrations';
import { type RequestLimit, type RequestLimits } from './readRequestLimits';
import { TooManyRequestsError } from './TooManyRequestsError';

/** Whose requests are counted together. */
export type Counted = keyof RequestLimits;

/**
 * Counts requests in PostgreSQL, so that all replicas count together.
 *
 * Whoever is over the limit is refused from memory until the window ends: a storm costs
 * the database nothing. The pool is an own one, so that counting waits for nobody's
 * transaction.
 */
export class RequestCounters {
  readonly #pool: Pool;
  readonly #limiters: Record<Counted, RateLimiterPostgres>;

  constructor(options: {
    connection: PorticoDatabaseConnection;
    limits: RequestLimits;
  }) {
    const { host, port, database, user, password, ssl } = options.connection;
    this.#pool = new Pool({
      host,
      port,
      database,
      user,
      ssl,
      ...(typeof password === 'string' ? { password } : {}),
      max: 4,
      application_name: 'portico: count requests',
      connectionTimeoutMillis: 5_000,
      query_timeout: 5_000,
      // Counters know persons of all tenants; only the platform's role may touch them.
      options: `-c role=${roles.platform}`,
    });
    // A connection that breaks must not end the process; its query fails anyway.
    this.#pool.on('error', () => {});
    const limiter = (counted: Counted, limit: RequestLimit) =>
      new RateLimiterPostgres({
        storeClient: this.#pool,
        storeType: 'pool',
        schemaName: wallsMigrations.schema,
        tableName: 'request_counters',
        tableCreated: true,
        keyPrefix: counted,
        points: limit.requests,
        duration: limit.seconds,
        inMemoryBlockOnConsumed: limit.requests + 1,
      });
    this.#limiters = {
      user: limiter('user', options.limits.user),
      tenant: limiter('tenant', options.limits.tenant),
      address: limiter('address', options.limits.address),
    };
  }

  /**
   * Counts one request.
   *
   * @throws TooManyRequestsError when the limit of the window is reached
   */
  async count(counted: Counted, key: string): Promise<void> {
    try {
      await this.#limiters[counted].consume(key);
    } catch (error) {
      if (error instanceof RateLimiterRes) {
        throw new TooManyRequestsError(
          `Too many requests of this ${counted}: wait until the window ends`,
          Math.max(1, Math.ceil(error.msBeforeNext / 1_000)),
        );
      }
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}
