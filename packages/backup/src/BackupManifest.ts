import { z } from 'zod';

/** Number of the newest form of a backup that this version writes and reads. */
export const BACKUP_FORMAT = 1;

/** Written last: a backup without it was interrupted, and is none. */
export const MANIFEST_FILE = 'manifest.json';
/** The database, in the custom format of `pg_dump`. */
export const DATABASE_FILE = 'database.dump';
/** The bare repositories of the Git host, as a compressed tar. */
export const REPOSITORIES_FILE = 'repositories.tar.gz';

const fileSchema = z.object({
  name: z.enum([DATABASE_FILE, REPOSITORIES_FILE]),
  bytes: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** One file of a backup, as it was when it was written. */
export type BackupFile = z.infer<typeof fileSchema>;

/** What a backup says about itself. */
export const backupManifestSchema = z.object({
  format: z.literal(BACKUP_FORMAT),
  createdAt: z.iso.datetime(),
  /** Version of the portal that took it. */
  portico: z.string(),
  /** Version of the server, such as `18.4`. */
  postgres: z.string(),
  files: z.array(fileSchema).min(1),
  /** How many rows each table has, at the moment of the dump: `schema.table`. */
  tables: z.record(z.string(), z.number().int().nonnegative()),
  /** Migrations that had run, by the table that keeps them. */
  migrations: z.record(z.string(), z.array(z.string())),
});

/** What a backup says about itself. */
export type BackupManifest = z.infer<typeof backupManifestSchema>;

/** The name of a backup that is taken now; names sort by time. */
export function backupName(now: Date): string {
  return `portico-${now.toISOString().replace(/[:.]/g, '-')}`;
}

/** Whether something in a store is a backup of ours; other things are left alone. */
export function isBackupName(name: string): boolean {
  return /^portico-\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}-\d{3}Z$/.test(name);
}
