import { randomBytes } from 'crypto';
import { basename } from 'path';
import { type JsonObject } from '@backstage/types';
import { Client } from 'pg';
import {
  type ClosablePorticoDatabase,
  createPorticoDatabase,
} from '../createPorticoDatabase';
import { bootstrapDatabase } from '../bootstrapDatabase';
import { quoteIdentifier, withDatabase, withLogin } from '../identifiers';
import { migrate } from '../migrate';
import { type PluginMigrations } from '../Migrations';
import { type LoginRole, porticoPluginIds, roles } from '../roles';

// Roles belong to the whole server, so every test file has to use the same passwords.
const password = 'portico-test';

/** What a test's database holds. */
export interface TestDatabaseOptions {
  /** Migrations to run before the test. */
  migrations?: readonly PluginMigrations[];
  /** Plugins with a schema of their own; those of a whole portal unless told. */
  pluginIds?: readonly string[];
}

/**
 * A database of its own for one test file, on the PostgreSQL that
 * `PORTICO_TEST_POSTGRES` names (`npm test` starts one and sets the variable).
 */
export class TestDatabase {
  /** Makes roles, database, schemas and tables as the portal's start does. */
  static async create(
    options: TestDatabaseOptions = {},
  ): Promise<TestDatabase> {
    const server = process.env.PORTICO_TEST_POSTGRES;
    if (!server) {
      throw new Error(
        'PORTICO_TEST_POSTGRES is not set: run the tests with `npm test -- <file>`, or set it to the URL of a superuser of a PostgreSQL for tests.',
      );
    }
    const name = databaseName();
    const database = new TestDatabase(server, name);
    try {
      await bootstrapDatabase(server, {
        database: name,
        passwords: {
          app: password,
          stock: password,
          migrator: password,
          jobs: password,
        },
        pluginIds: options.pluginIds,
      });
      await migrate({
        connection: database.connectionString('migrator'),
        migrations: options.migrations ?? [],
      });
    } catch (error) {
      await database.destroy();
      throw error;
    }
    return database;
  }

  /** The tables of our own plugins, as the service gives them to a plugin. */
  readonly database: ClosablePorticoDatabase;

  /** A superuser's connection to this database: sees everything, for set-up and checks. */
  readonly adminConnectionString: string;

  private constructor(
    private readonly server: string,
    private readonly name: string,
  ) {
    this.adminConnectionString = withDatabase(server, name);
    this.database = createPorticoDatabase({ connection: this.login('app') });
  }

  /** The connection string of one login to this database. */
  connectionString(login: LoginRole): string {
    return withLogin(this.adminConnectionString, roles[login], password);
  }

  /** A fragment of app-config with `backend.database`, `portico.database` and `portico.jobs`. */
  get config(): JsonObject {
    const { user, password: appPassword } = this.login('app');
    return {
      backend: {
        database: {
          client: 'pg',
          pluginDivisionMode: 'schema',
          ensureExists: false,
          ensureSchemaExists: false,
          connection: this.login('stock'),
          plugin: Object.fromEntries(
            porticoPluginIds.map(pluginId => [
              pluginId,
              { connection: { user, password: appPassword } },
            ]),
          ),
        },
      },
      portico: {
        database: { connection: this.login('app') },
        jobs: { connection: this.login('jobs') },
      },
    };
  }

  /** Closes the connections and drops the database; call it once, after the test backend stopped. */
  async destroy(): Promise<void> {
    await this.database.close();
    const client = new Client({ connectionString: this.server });
    await client.connect();
    try {
      await client.query(
        `drop database if exists ${quoteIdentifier(this.name)} with (force)`,
      );
    } finally {
      await client.end();
    }
  }

  private login(role: LoginRole) {
    const url = new URL(this.connectionString(role));
    return {
      host: url.hostname,
      port: Number(url.port || 5432),
      database: this.name,
      user: roles[role],
      password,
    };
  }
}

/** Names the test file, so that an error of a test that is over tells whose it is. */
function databaseName(): string {
  // The isolation suite makes one without Jest.
  const path = typeof expect === 'undefined' ? '' : expect.getState().testPath;
  const file = basename(path ?? '', '.test.ts').toLowerCase();
  return `portico_test_${file
    .replace(/[^a-z0-9]/g, '_')
    .slice(0, 32)}_${randomBytes(8).toString('hex')}`;
}
