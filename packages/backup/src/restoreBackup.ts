import { ConflictError } from '@backstage/errors';
import { Client } from 'pg';
import {
  type BackupManifest,
  DATABASE_FILE,
  REPOSITORIES_FILE,
} from './BackupManifest';
import { type BackupStore } from './BackupStore';
import { unpackRepositories } from './packRepositories';
import { PostgresProgram } from './PostgresProgram';
import { readBackup, verifyFiles } from './readBackup';
import { readContents } from './readContents';

/** What is restored, and where to. */
export interface RestoreOptions {
  store: BackupStore;
  /** Name of the backup; the newest one without it. */
  backup?: string;
  /** The empty database, as a superuser. The roles have to be there. */
  connection: string;
  /** Empty folder for the repositories; they are left out without it. */
  repositories?: string;
  /** Names of all migrations that this version knows. */
  knownMigrations: ReadonlySet<string>;
  programs?: string;
}

/** What a restore did. */
export interface Restored {
  name: string;
  manifest: BackupManifest;
  /** Sum over all tables. */
  rows: number;
  repositories?: number;
}

/**
 * Restores a backup into an empty database: everything, or nothing. Each file is compared
 * with its checksum before, and each table with its number of rows after.
 *
 * @throws ConflictError when something is in the way, or is not what was backed up
 */
export async function restoreBackup(
  options: RestoreOptions,
): Promise<Restored> {
  const { store, connection } = options;
  const backup = await readBackup(store, options.backup);
  const { name, manifest } = backup;
  refuseUnknown(manifest, options.knownMigrations);
  await verifyFiles(store, backup);

  const client = new Client({
    connectionString: connection,
    connectionTimeoutMillis: 10_000,
    application_name: 'portico restore',
  });
  client.on('error', () => {});
  await client.connect();
  try {
    await refuseFull(client);
    const { rows: versions } = await client.query<{ server_version: string }>(
      'show server_version',
    );
    const program = new PostgresProgram('pg_restore', options.programs);
    await program.check(versions[0].server_version);
    await program.run({
      connection,
      args: [
        '--exit-on-error',
        '--single-transaction',
        `--dbname=${new URL(connection).pathname.slice(1)}`,
      ],
      input: await store.read(name, DATABASE_FILE),
    });
    const { tables } = await readContents(client);
    const different = Object.keys({ ...manifest.tables, ...tables }).filter(
      table => manifest.tables[table] !== tables[table],
    );
    if (different.length > 0) {
      throw new ConflictError(
        `These tables do not have the rows that were backed up: ${different.join(
          ', ',
        )}`,
      );
    }
    await freeJobs(client);
    await client.query('analyze');
    const packed = manifest.files.some(file => file.name === REPOSITORIES_FILE);
    return {
      name,
      manifest,
      rows: Object.values(tables).reduce((sum, count) => sum + count, 0),
      ...(options.repositories &&
        packed && {
          repositories: await unpackRepositories(
            await store.read(name, REPOSITORIES_FILE),
            options.repositories,
          ),
        }),
    };
  } finally {
    await client.end();
  }
}

/** A backup of a newer version has tables that this one would not understand. */
function refuseUnknown(
  manifest: BackupManifest,
  known: ReadonlySet<string>,
): void {
  const unknown = Object.values(manifest.migrations)
    .flat()
    .filter(migration => !known.has(migration));
  if (unknown.length > 0) {
    throw new ConflictError(
      `The backup is of a newer version (${
        manifest.portico
      }): this one does not know ${unknown.join(
        ', ',
      )}. Restore it with that version.`,
    );
  }
}

async function refuseFull(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select nspname as name from pg_namespace
      where nspname not in ('public', 'information_schema') and nspname !~ '^pg_'
      limit 5`,
  );
  if (rows.length > 0) {
    throw new ConflictError(
      `The database is not empty (it has ${rows
        .map(row => row.name)
        .join(', ')}): restore into a new one and let the portal use that`,
    );
  }
}

/** Whoever worked on a job when the backup was taken is gone. */
async function freeJobs(client: Client): Promise<void> {
  await client.query(`
    update graphile_worker._private_jobs set locked_at = null, locked_by = null
      where locked_at is not null;
    update graphile_worker._private_job_queues set locked_at = null, locked_by = null
      where locked_at is not null;
  `);
}
