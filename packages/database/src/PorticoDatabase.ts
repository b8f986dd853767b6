import {
  coreServices,
  createServiceFactory,
  createServiceRef,
} from '@backstage/backend-plugin-api';
import { type Knex } from 'knex';
import { createPorticoDatabase } from './createPorticoDatabase';
import { readPorticoDatabaseConnection } from './readPorticoDatabaseConnection';

/**
 * The tables of Portico's own plugins.
 *
 * They lie in schemas of their own, are owned by a role that nobody logs in
 * with while serving, and have forced row-level security. So each access names a
 * tenant, or says why it looks at all of them.
 */
export interface PorticoDatabase {
  /**
   * Runs `fn` in one transaction that sees and writes the rows of one tenant only
   * (`SET LOCAL ROLE portico_tenant` and the setting `portico.tenant`).
   *
   * @throws InputError when the tenant id is malformed
   */
  inTenant<T>(
    tenant: string,
    fn: (transaction: Knex.Transaction) => Promise<T>,
  ): Promise<T>;

  /**
   * Runs `fn` in one transaction that sees the rows of all tenants
   * (`SET LOCAL ROLE portico_platform`). The reason is a few words for the
   * database's log; a test shows that nothing of another tenant comes out.
   */
  asPlatform<T>(
    reason: string,
    fn: (transaction: Knex.Transaction) => Promise<T>,
  ): Promise<T>;

  /**
   * Runs one prepared statement with the rights of `asPlatform` in a single round trip,
   * on connections of its own. For what happens on every request: the statement itself
   * must name the tenant in each of its conditions.
   *
   * @returns the rows, to be checked by the caller
   */
  statementAsPlatform(statement: PlatformStatement): Promise<unknown[]>;
}

/** A statement that PostgreSQL plans once per connection. */
export interface PlatformStatement {
  /** Names the statement and nothing else. */
  name: string;
  text: string;
  values: readonly unknown[];
}

/** The database of Portico's own plugins, with a connection pool of its own. */
export const porticoDatabaseServiceRef = createServiceRef<PorticoDatabase>({
  id: 'portico.database',
  scope: 'root',
  defaultFactory: async service =>
    createServiceFactory({
      service,
      deps: {
        config: coreServices.rootConfig,
        lifecycle: coreServices.rootLifecycle,
      },
      factory({ config, lifecycle }) {
        const database = createPorticoDatabase({
          connection: readPorticoDatabaseConnection(config),
        });
        lifecycle.addShutdownHook(() => database.close());
        return database;
      },
    }),
});
