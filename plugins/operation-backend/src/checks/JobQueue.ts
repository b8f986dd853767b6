import {
  type PorticoDatabaseConnection,
  toPoolConfig,
} from '@portico/database';
import { type OperationFinding } from '@portico/plugin-operation-node';
import { type Figure } from '@portico/telemetry';
import { Pool } from 'pg';
import { z } from 'zod';

const LATE_SECONDS = 60;

const stateSchema = z.object({
  waiting: z.coerce.number(),
  oldest: z.coerce.number(),
  given_up: z.coerce.number(),
});

/** How many jobs wait, for how long, and how many nobody tries again. */
export class JobQueue {
  static readonly figures = {
    'portico.jobs.waiting': 'Jobs whose time has come and that nobody runs',
    'portico.jobs.oldest_due_seconds':
      'For how long the oldest of them has been due',
    'portico.jobs.given_up': 'Jobs that failed too often to be tried again',
  };

  readonly #pool: Pool;

  constructor(connection: PorticoDatabaseConnection) {
    this.#pool = new Pool({
      ...toPoolConfig(connection),
      max: 1,
      application_name: 'portico: state of the job queue',
      connectionTimeoutMillis: 5_000,
      statement_timeout: 5_000,
      query_timeout: 10_000,
      idleTimeoutMillis: 1_000,
      allowExitOnIdle: true,
    });
    // A connection that breaks must not end the process; its query fails anyway.
    this.#pool.on('error', () => {});
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async readFigures(): Promise<Figure[]> {
    const state = await this.#read();
    return [
      { name: 'portico.jobs.waiting', value: state.waiting },
      { name: 'portico.jobs.oldest_due_seconds', value: state.oldest },
      { name: 'portico.jobs.given_up', value: state.given_up },
    ];
  }

  async look(): Promise<OperationFinding> {
    const { waiting, oldest, given_up: givenUp } = await this.#read();
    const found = `${waiting} jobs wait, the oldest for ${Math.round(
      oldest,
    )} s; ${givenUp} were given up`;
    if (oldest > LATE_SECONDS) {
      return {
        status: 'failed',
        found,
        hint: 'Look whether a worker runs (role worker or all), and into its log',
      };
    }
    return givenUp > 0
      ? {
          status: 'warning',
          found,
          hint: 'Look into the log for the reason; what they were for is found again by scans',
        }
      : { status: 'ok', found };
  }

  async #read() {
    const { rows } = await this.#pool.query(
      `select count(*) filter (where due) as waiting,
              coalesce(max(extract(epoch from now() - run_at)) filter (where due), 0) as oldest,
              count(*) filter (where attempts >= max_attempts) as given_up
         from (select *, run_at <= now() and locked_at is null
                         and attempts < max_attempts as due
                 from graphile_worker.jobs) as jobs`,
    );
    return stateSchema.parse(rows[0]);
  }
}
