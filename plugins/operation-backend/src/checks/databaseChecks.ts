import {
  type PluginMigrations,
  type PorticoDatabase,
  schemasBehind,
} from '@portico/database';
import {
  type OperationCheck,
  type OperationFinding,
} from '@portico/plugin-operation-node';
import { z } from 'zod';

const OLDEST_POSTGRES = 16;
const SLOW_MILLISECONDS = 250;
const CLOCK_WARNING_SECONDS = 5;
const CLOCK_FAILURE_SECONDS = 30;

const stateSchema = z.object({
  rows: z.tuple([z.object({ version: z.coerce.number(), at: z.date() })]),
});
const loginSchema = z.object({
  rows: z.tuple([
    z.object({
      login: z.string(),
      unbounded: z.boolean(),
      owned: z.coerce.number(),
      unguarded: z.array(z.string()),
    }),
  ]),
});

/** Checks of the database and of what the portal may do there. */
export function createDatabaseChecks(options: {
  database: PorticoDatabase;
  migrations: readonly PluginMigrations[];
  now: () => Date;
}): OperationCheck[] {
  const { database, migrations, now } = options;
  return [
    {
      name: 'database',
      look: () => lookAtDatabase(database),
    },
    {
      name: 'database clock',
      look: () => lookAtClock(database, now),
    },
    {
      name: 'database migrations',
      async look() {
        const behind = await database.asPlatform(
          'look which migrations are missing',
          transaction => schemasBehind(transaction, migrations),
        );
        return behind.length === 0
          ? {
              status: 'ok',
              found: `${migrations.length} schemas are as this version needs them`,
            }
          : {
              status: 'failed',
              found: `Migrations are missing in ${behind.join(', ')}`,
              hint: 'Run the migration step of this version, and look into its log',
            };
      },
    },
    {
      name: 'database login',
      look: () => lookAtLogin(database),
    },
  ];
}

async function lookAtDatabase(
  database: PorticoDatabase,
): Promise<OperationFinding> {
  const begin = performance.now();
  const { version } = await askState(database);
  const milliseconds = Math.round(performance.now() - begin);
  const major = Math.floor(version / 10_000);
  const found = `PostgreSQL ${major}, answered within ${milliseconds} ms`;
  if (major < OLDEST_POSTGRES) {
    return {
      status: 'failed',
      found,
      hint: `Upgrade PostgreSQL to ${OLDEST_POSTGRES} or newer`,
    };
  }
  return milliseconds > SLOW_MILLISECONDS
    ? {
        status: 'warning',
        found,
        hint: 'Look at the load of PostgreSQL and at the network to it',
      }
    : { status: 'ok', found };
}

async function lookAtClock(
  database: PorticoDatabase,
  now: () => Date,
): Promise<OperationFinding> {
  const { at } = await askState(database);
  const seconds = Math.abs(now().getTime() - at.getTime()) / 1000;
  const found = `${seconds.toFixed(1)} s apart from the portal`;
  if (seconds <= CLOCK_WARNING_SECONDS) {
    return { status: 'ok', found };
  }
  return {
    status: seconds > CLOCK_FAILURE_SECONDS ? 'failed' : 'warning',
    found,
    hint: 'Switch on time synchronisation on the hosts of portal and PostgreSQL',
  };
}

async function askState(database: PorticoDatabase) {
  const answer = await database.asPlatform('look how it is', transaction =>
    transaction.raw(
      `select current_setting('server_version_num') as version, clock_timestamp() as at`,
    ),
  );
  return stateSchema.parse(answer).rows[0];
}

/** The login that serves is bounded, owns nothing, and meets row security everywhere. */
async function lookAtLogin(
  database: PorticoDatabase,
): Promise<OperationFinding> {
  const answer = await database.asPlatform(
    'look what the login of the portal may do',
    transaction =>
      transaction.raw(
        `select session_user as login,
                (select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb
                   from pg_roles where rolname = session_user) as unbounded,
                (select count(*) from pg_class
                   join pg_namespace on pg_namespace.oid = relnamespace
                  where nspname like 'portico\\_%' and relkind in ('r', 'p')
                    and pg_get_userbyid(relowner) = session_user) as owned,
                (select coalesce(json_agg(nspname || '.' || relname order by 1), '[]')
                   from pg_class join pg_namespace on pg_namespace.oid = relnamespace
                  where nspname like 'portico\\_%' and relkind in ('r', 'p')
                    and not (relrowsecurity and relforcerowsecurity)
                    and (has_table_privilege('portico_tenant', pg_class.oid, 'select, insert, update, delete')
                      or has_table_privilege('portico_platform', pg_class.oid, 'select, insert, update, delete'))
                ) as unguarded`,
      ),
  );
  const { login, unbounded, owned, unguarded } =
    loginSchema.parse(answer).rows[0];
  const faults = [
    ...(unbounded ? ['it is a superuser or may pass row security by'] : []),
    ...(owned > 0 ? [`it owns ${owned} tables of the portal`] : []),
    ...(unguarded.length > 0
      ? [`row security is not forced on ${unguarded.join(', ')}`]
      : []),
  ];
  return faults.length === 0
    ? {
        status: 'ok',
        found: `${login} is bounded, owns no table, and row security is forced on all`,
      }
    : {
        status: 'failed',
        found: `${login}: ${faults.join('; ')}`,
        hint: 'Serve with the login portico_app that the migration step makes, and run that step again',
      };
}
