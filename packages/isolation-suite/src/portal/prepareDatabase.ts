import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { TestDatabase } from '@portico/database/testUtils';
import { backendFolder } from './paths';

const MIGRATION_LIMIT_MILLISECONDS = 120_000;

/**
 * A database of the suite's own on the PostgreSQL that `PORTICO_TEST_POSTGRES` names. Its
 * tables are made by the very step that runs before a portal starts, so that a new plugin
 * needs no word here.
 */
export async function prepareDatabase(): Promise<TestDatabase> {
  const database = await TestDatabase.create();
  try {
    const name = new URL(database.adminConnectionString).pathname.slice(1);
    const passwordOf = (login: 'app' | 'stock' | 'migrator' | 'jobs') =>
      new URL(database.connectionString(login)).password;
    await promisify(execFile)(
      process.execPath,
      [
        '--require',
        '@backstage/cli/config/nodeTransform.cjs',
        'src/migrate.ts',
      ],
      {
        cwd: backendFolder,
        timeout: MIGRATION_LIMIT_MILLISECONDS,
        env: {
          PATH: process.env.PATH,
          PORTICO_DATABASE_ADMIN_URL: database.adminConnectionString,
          PORTICO_DATABASE_NAME: name,
          PORTICO_APP_PASSWORD: passwordOf('app'),
          PORTICO_STOCK_PASSWORD: passwordOf('stock'),
          PORTICO_MIGRATOR_PASSWORD: passwordOf('migrator'),
          PORTICO_JOBS_PASSWORD: passwordOf('jobs'),
        },
      },
    );
  } catch (error) {
    await database.destroy();
    throw error;
  }
  return database;
}
