import { bootstrapDatabase, migrate, roles } from '@portico/database';
import { z } from 'zod';
import { portalMigrations } from './portalMigrations';

const environmentSchema = z.object({
  PORTICO_DATABASE_ADMIN_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  PORTICO_DATABASE_NAME: z.string().min(1).default('portico'),
  PORTICO_APP_PASSWORD: z.string().min(8),
  PORTICO_STOCK_PASSWORD: z.string().min(8),
  PORTICO_MIGRATOR_PASSWORD: z.string().min(8),
  PORTICO_JOBS_PASSWORD: z.string().min(8),
});

/**
 * Prepares the database before the portal starts: roles, schemas, and the tables of
 * our own plugins. It runs with logins that the portal itself never has.
 */
async function prepareDatabase(): Promise<void> {
  const environment = environmentSchema.parse(process.env);
  const database = environment.PORTICO_DATABASE_NAME;
  await bootstrapDatabase(environment.PORTICO_DATABASE_ADMIN_URL, {
    database,
    passwords: {
      app: environment.PORTICO_APP_PASSWORD,
      stock: environment.PORTICO_STOCK_PASSWORD,
      migrator: environment.PORTICO_MIGRATOR_PASSWORD,
      jobs: environment.PORTICO_JOBS_PASSWORD,
    },
  });
  const connection = new URL(environment.PORTICO_DATABASE_ADMIN_URL);
  connection.username = roles.migrator;
  connection.password = environment.PORTICO_MIGRATOR_PASSWORD;
  connection.pathname = `/${database}`;
  await migrate({
    connection: connection.toString(),
    migrations: portalMigrations,
  });
}

prepareDatabase().catch(error => {
  process.stderr.write(`The database could not be prepared: ${error}\n`);
  process.exitCode = 1;
});
