import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Client } from 'pg';
import {
  BACKUP_FORMAT,
  type BackupFile,
  backupManifestSchema,
  type BackupManifest,
  backupName,
  DATABASE_FILE,
  MANIFEST_FILE,
  REPOSITORIES_FILE,
} from './BackupManifest';
import { type BackupStore } from './BackupStore';
import { DigestStream } from './DigestStream';
import { packRepositories } from './packRepositories';
import { PostgresProgram } from './PostgresProgram';
import { readContents } from './readContents';

/** What is backed up, and where to. */
export interface BackupOptions {
  /** The portal's database as the login `portico_backup`. */
  connection: string;
  store: BackupStore;
  /** Folder of the Git host's repositories; they are left out without it. */
  repositories?: string;
  /** Version of the portal, for the manifest. */
  version: string;
  /** Folder with `pg_dump`; the PATH without it. */
  programs?: string;
  now?: Date;
}

/**
 * Takes a backup while the portal runs. The database is that of one moment, and the
 * repositories are read after it: one that is newer than the database is read again.
 * When it is cut off at any point, what was written is no backup and disturbs nothing.
 *
 * @returns the name of the backup
 */
export async function createBackup(
  options: BackupOptions,
): Promise<{ name: string; manifest: BackupManifest }> {
  const { connection, store, now = new Date() } = options;
  const name = backupName(now);
  const client = new Client({
    connectionString: connection,
    connectionTimeoutMillis: 10_000,
    application_name: 'portico backup',
  });
  // the query in hand tells of it
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows: versions } = await client.query<{ server_version: string }>(
      'show server_version',
    );
    const postgres = versions[0].server_version;
    const dump = new PostgresProgram('pg_dump', options.programs);
    await dump.check(postgres);
    // The dump sees the same moment as what is counted here.
    await client.query('begin isolation level repeatable read read only');
    const { rows: snapshots } = await client.query<{ id: string }>(
      'select pg_export_snapshot() as id',
    );
    const files: BackupFile[] = [];
    await dump.run({
      connection,
      args: ['--format=custom', `--snapshot=${snapshots[0].id}`],
      onOutput: async output => {
        files.push(await keep(store, name, DATABASE_FILE, output));
      },
    });
    const contents = await readContents(client);
    await client.query('commit');
    if (options.repositories) {
      const packed = await packRepositories(options.repositories);
      if (packed) {
        files.push(await keep(store, name, REPOSITORIES_FILE, packed));
      }
    }
    const manifest: BackupManifest = backupManifestSchema.parse({
      format: BACKUP_FORMAT,
      createdAt: now.toISOString(),
      portico: options.version,
      postgres,
      files,
      ...contents,
    });
    await store.write(
      name,
      MANIFEST_FILE,
      Readable.from([`${JSON.stringify(manifest, null, 2)}\n`]),
    );
    return { name, manifest };
  } finally {
    await client.end();
  }
}

async function keep(
  store: BackupStore,
  backup: string,
  file: BackupFile['name'],
  content: Readable,
): Promise<BackupFile> {
  const digest = new DigestStream();
  await Promise.all([
    pipeline(content, digest),
    store.write(backup, file, digest),
  ]);
  return { name: file, ...digest.digest() };
}
