import { randomBytes } from 'node:crypto';
import {
  bootstrapDatabase,
  type LoginPasswords,
  migrate,
  migratePlugins,
  roles,
} from '@portico/database';
import { z } from 'zod';
import { installedMigrations } from './installedMigrations';
import { portalMigrations } from './portalMigrations';

const password = z.string().min(8);

const environmentSchema = z.object({
  PORTICO_DATABASE_ADMIN_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  PORTICO_DATABASE_NAME: z.string().min(1).default('portico'),
  PORTICO_APP_PASSWORD: password,
  PORTICO_STOCK_PASSWORD: password,
  PORTICO_MIGRATOR_PASSWORD: password,
  PORTICO_JOBS_PASSWORD: password,
  PORTICO_BACKUP_PASSWORD: password.optional(),
});

/** The database to prepare, and the passwords that its logins get. */
export interface Preparation {
  adminConnection: string;
  database: string;
  passwords: LoginPasswords;
}

/**
 * Reads what is to be prepared.
 *
 * @param options - `serving`: the portal serves with logins that have rows alone, and
 *   nobody knows the passwords of those that own its tables
 */
export function readPreparation(
  environment: NodeJS.ProcessEnv,
  options: { serving: boolean },
): Preparation {
  const values = environmentSchema.parse(environment);
  const served = {
    app: values.PORTICO_APP_PASSWORD,
    stock: values.PORTICO_STOCK_PASSWORD,
  };
  const owning = options.serving
    ? { app: unknownPassword(), stock: unknownPassword() }
    : served;
  return {
    adminConnection: values.PORTICO_DATABASE_ADMIN_URL,
    database: values.PORTICO_DATABASE_NAME,
    passwords: {
      ...owning,
      migrator: values.PORTICO_MIGRATOR_PASSWORD,
      jobs: values.PORTICO_JOBS_PASSWORD,
      ...(options.serving && { serving: served }),
      backup: values.PORTICO_BACKUP_PASSWORD,
    },
  };
}

/**
 * Prepares the database before the portal starts: roles, schemas, and the tables of
 * our own plugins. It runs with logins that the portal itself never has. Where the
 * portal serves with rows alone, it makes the tables of the installed packages as well.
 */
export async function prepareDatabase(preparation: Preparation): Promise<void> {
  const { adminConnection, database, passwords } = preparation;
  await bootstrapDatabase(adminConnection, { database, passwords });
  const admin = new URL(adminConnection);
  admin.pathname = `/${database}`;
  const migrator = new URL(admin);
  migrator.username = roles.migrator;
  migrator.password = passwords.migrator;
  await migrate({
    connection: migrator.toString(),
    migrations: portalMigrations,
  });
  if (passwords.serving) {
    await migratePlugins(admin.toString(), installedMigrations);
  }
}

function unknownPassword(): string {
  return randomBytes(24).toString('base64url');
}
