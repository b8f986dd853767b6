import { Client, Pool } from 'pg';
import { installJobs } from './installJobs';
import { quoteIdentifier, withDatabase } from './identifiers';
import {
  defaultPluginIds,
  type LoginPasswords,
  porticoPluginIds,
  roles,
} from './roles';

/** What a portal's database consists of. */
export interface BootstrapOptions {
  /** Name of the database; made when it is missing. */
  database: string;
  /** Set on each run, so that changing a password is running this again. */
  passwords: LoginPasswords;
  /** Plugins that get a schema; `defaultPluginIds` unless told. */
  pluginIds?: readonly string[];
}

/**
 * Makes roles, database and schemas of a portal. Repeating it changes nothing, and
 * two at once are safe: advisory locks with the first number 7007 keep them apart,
 * as long as both name the same database in `adminConnection`.
 *
 * @param adminConnection - connection string of a superuser, or of a role that may
 *   make roles and databases
 */
export async function bootstrapDatabase(
  adminConnection: string,
  options: BootstrapOptions,
): Promise<void> {
  await makeEmptyDatabase(adminConnection, options);
  const connection = withDatabase(adminConnection, options.database);
  await withClient(connection, async client => {
    // held by the session until the client is closed
    await client.query('select pg_advisory_lock(7007, 3)');
    await inTransaction(client, () => makeSchemas(client, options));
    await makeJobs(client, connection, options.database);
  });
}

/**
 * Makes roles and database, and nothing in it: what a backup is restored into.
 *
 * @param adminConnection - as for `bootstrapDatabase`
 */
export async function makeEmptyDatabase(
  adminConnection: string,
  options: Pick<BootstrapOptions, 'database' | 'passwords'>,
): Promise<void> {
  await withClient(adminConnection, async admin => {
    await inTransaction(admin, () => makeRoles(admin, options.passwords));
    await makeDatabase(admin, options.database);
  });
}

async function makeJobs(
  client: Client,
  connection: string,
  database: string,
): Promise<void> {
  const right = `create on database ${quoteIdentifier(database)}`;
  const pool = new Pool({
    connectionString: connection,
    max: 2,
    // the job tables must belong to the role of the workers
    options: `-c role=${roles.jobs}`,
  });
  // A connection that breaks must not end the process; its query fails anyway.
  pool.on('error', () => {});
  pool.on('connect', connected => connected.on('error', () => {}));
  // graphile-worker says `create schema if not exists`, which wants the right
  // even where the schema exists; only now, not while serving.
  await client.query(`grant ${right} to ${roles.jobs}`);
  try {
    await installJobs(pool);
  } finally {
    await pool.end();
    await client.query(`revoke ${right} from ${roles.jobs}`);
  }
}

async function withClient<T>(
  connectionString: string,
  fn: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({
    connectionString,
    connectionTimeoutMillis: 10_000,
    application_name: 'portico bootstrap',
  });
  await client.connect();
  try {
    return await fn(client);
  } finally {
    await client.end();
  }
}

async function inTransaction(
  client: Client,
  fn: () => Promise<void>,
): Promise<void> {
  await client.query('begin');
  try {
    await fn();
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

async function makeRoles(
  client: Client,
  passwords: LoginPasswords,
): Promise<void> {
  await client.query('select pg_advisory_xact_lock(7007, 1)');
  const { rows } = await client.query<{ rolname: string }>(
    'select rolname from pg_roles where rolname = any($1)',
    [Object.values(roles)],
  );
  const existing = new Set(rows.map(row => row.rolname));
  for (const role of Object.values(roles)) {
    if (!existing.has(role)) {
      await client.query(`create role ${role} nologin`);
    }
  }
  const bounds =
    'nosuperuser nocreatedb nocreaterole noreplication nobypassrls';
  for (const role of [roles.owner, roles.tenant, roles.platform]) {
    await client.query(`alter role ${role} nologin ${bounds}`);
  }
  for (const login of ['app', 'stock', 'migrator', 'jobs'] as const) {
    await client.query(
      `alter role ${roles[login]} login noinherit ${bounds}
         password ${client.escapeLiteral(passwords[login])}`,
    );
  }
  for (const role of [roles.tenant, roles.platform]) {
    await client.query(
      `grant ${role} to ${roles.app} with inherit false, set true`,
    );
  }
  await client.query(
    `grant ${roles.owner} to ${roles.migrator} with inherit false, set true`,
  );
  const { serving, backup } = passwords;
  if (serving) {
    await client.query(`
      alter role ${roles.appServing} login noinherit ${bounds}
        password ${client.escapeLiteral(serving.app)};
      alter role ${roles.stockServing} login noinherit ${bounds}
        password ${client.escapeLiteral(serving.stock)};
      grant ${roles.tenant}, ${roles.platform} to ${roles.appServing}
        with inherit false, set true;
    `);
  }
  if (backup) {
    // It sees the rows of all tenants, so it may not be able to write any.
    await client.query(`
      alter role ${roles.backup} login inherit
        nosuperuser nocreatedb nocreaterole noreplication bypassrls
        password ${client.escapeLiteral(backup)};
      alter role ${roles.backup} set default_transaction_read_only = on;
      grant pg_read_all_data to ${roles.backup} with inherit true, set false;
    `);
  }
}

async function makeDatabase(client: Client, database: string): Promise<void> {
  // A database cannot be made in a transaction, so this lock is one of the session.
  await client.query('select pg_advisory_lock(7007, 2)');
  try {
    const found = await client.query(
      'select 1 from pg_database where datname = $1',
      [database],
    );
    if (found.rowCount === 0) {
      await client.query(
        `create database ${quoteIdentifier(
          database,
        )} template template0 encoding 'UTF8'`,
      );
    }
  } finally {
    await client.query('select pg_advisory_unlock(7007, 2)');
  }
}

async function makeSchemas(
  client: Client,
  options: BootstrapOptions,
): Promise<void> {
  const database = quoteIdentifier(options.database);
  const serving = [roles.appServing, roles.stockServing].join();
  const logins = [
    ...[roles.app, roles.stock, roles.migrator, roles.jobs],
    ...[serving, roles.backup],
  ].join();
  await client.query(`
    revoke all on database ${database} from public;
    revoke all on schema public from public;
    create extension if not exists pg_trgm with schema public;
    grant usage on schema public to ${logins}, ${roles.owner}, ${roles.tenant}, ${roles.platform};
    grant connect on database ${database} to ${logins};
    -- stock migrations and the search index use temporary tables
    grant temporary on database ${database} to ${roles.stock}, ${roles.app}, ${serving};
    -- the migration step makes the schemas of our own plugins
    grant create on database ${database} to ${roles.owner};
  `);
  for (const pluginId of options.pluginIds ?? defaultPluginIds) {
    const ours = porticoPluginIds.includes(pluginId);
    const owner = ours ? roles.app : roles.stock;
    await makeSchema(client, pluginId, owner);
    await grantRows(client, {
      schema: pluginId,
      owner,
      login: ours ? roles.appServing : roles.stockServing,
    });
  }
  await makeSchema(client, 'graphile_worker', roles.jobs);
  await makeSchema(client, 'portico_jobs', roles.jobs);
}

async function makeSchema(
  client: Client,
  schema: string,
  owner: string,
): Promise<void> {
  const name = quoteIdentifier(schema);
  await client.query(`
    create schema if not exists ${name} authorization ${owner};
    revoke all on schema ${name} from public;
  `);
}

/** Gives a login the rows of all tables in a schema, of those to come as well. */
async function grantRows(
  client: Client,
  options: { schema: string; owner: string; login: string },
): Promise<void> {
  const { owner, login } = options;
  const schema = quoteIdentifier(options.schema);
  await client.query(`
    grant usage on schema ${schema} to ${login};
    grant select, insert, update, delete on all tables in schema ${schema} to ${login};
    grant usage, select on all sequences in schema ${schema} to ${login};
    alter default privileges for role ${owner} in schema ${schema}
      grant select, insert, update, delete on tables to ${login};
    alter default privileges for role ${owner} in schema ${schema}
      grant usage, select on sequences to ${login};
  `);
}
