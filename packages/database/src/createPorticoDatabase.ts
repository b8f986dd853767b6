import { InputError } from '@backstage/errors';
import knexFactory, { type Knex } from 'knex';
import { Pool, type PoolConfig } from 'pg';
import { observeConnections } from './observeConnections';
import { type PorticoDatabase } from './PorticoDatabase';
import { roles } from './roles';

/** How to reach the database as the login of Portico's own plugins. */
export type PorticoDatabaseConnection = Knex.PgConnectionConfig;

/** A `PorticoDatabase` and the means to close its connections. */
export interface ClosablePorticoDatabase extends PorticoDatabase {
  /** Closes the pool; running transactions end first. */
  close(): Promise<void>;
}

const tenantId = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])$/;

/** PostgreSQL cuts `application_name` at 63 bytes; ASCII keeps bytes and characters equal. */
function logName(reason: string): string {
  return `portico: ${reason.replace(/[^\x20-\x7e]/g, '?')}`.slice(0, 63);
}

/**
 * Opens the database of Portico's own plugins with a connection pool of its own.
 *
 * Role and tenant are set for one transaction only, so nothing is left on a
 * connection that goes back to the pool.
 */
export function createPorticoDatabase(options: {
  connection: PorticoDatabaseConnection;
  /** Most connections at a time; 10 unless told. */
  maximumConnections?: number;
}): ClosablePorticoDatabase {
  const pool = knexFactory({
    client: 'pg',
    connection: {
      application_name: 'portico',
      connectionTimeoutMillis: 10_000,
      statement_timeout: 30_000,
      idle_in_transaction_session_timeout: 60_000,
      ...options.connection,
    },
    pool: { min: 0, max: options.maximumConnections ?? 10 },
    acquireConnectionTimeout: 15_000,
  });

  // The role comes with the connection, so that a statement needs no transaction around it.
  const platform = new Pool({
    ...toPoolConfig(options.connection),
    max: 4,
    application_name: 'portico: statements of each request',
    connectionTimeoutMillis: 10_000,
    statement_timeout: 5_000,
    query_timeout: 10_000,
    options: `-c role=${roles.platform}`,
  });
  // A connection that breaks must not end the process; its query fails anyway.
  platform.on('error', () => {});
  observeConnections(() => [
    {
      pool: 'transactions',
      used: pool.client.pool?.numUsed() ?? 0,
      idle: pool.client.pool?.numFree() ?? 0,
      waiting: pool.client.pool?.numPendingAcquires() ?? 0,
    },
    {
      pool: 'statements',
      used: platform.totalCount - platform.idleCount,
      idle: platform.idleCount,
      waiting: platform.waitingCount,
    },
  ]);

  return {
    async inTenant(tenant, fn) {
      if (!tenantId.test(tenant)) {
        throw new InputError(
          `${JSON.stringify(
            tenant,
          )} is not a tenant id: expected 2 to 40 characters of a-z, 0-9 and "-", neither starting nor ending with "-"`,
        );
      }
      return pool.transaction(async transaction => {
        await transaction.raw(
          `select set_config('role', ?, true), set_config('portico.tenant', ?, true)`,
          [roles.tenant, tenant],
        );
        return fn(transaction);
      });
    },

    async asPlatform(reason, fn) {
      if (reason.trim() === '') {
        throw new InputError(
          'Say in a few words why all tenants are looked at: the reason is empty',
        );
      }
      return pool.transaction(async transaction => {
        await transaction.raw(
          `select set_config('role', ?, true), set_config('application_name', ?, true)`,
          [roles.platform, logName(reason)],
        );
        return fn(transaction);
      });
    },

    async statementAsPlatform({ name, text, values }) {
      const { rows } = await platform.query({
        name,
        text,
        values: [...values],
      });
      return rows;
    },

    async close() {
      await Promise.all([pool.destroy(), platform.end()]);
    },
  };
}

/** The same connection for a pool of `pg`. */
export function toPoolConfig({
  host,
  port,
  database,
  user,
  password,
  ssl,
}: PorticoDatabaseConnection): PoolConfig {
  return {
    host,
    port,
    database,
    user,
    ssl,
    ...(typeof password === 'string' ? { password } : {}),
  };
}
