import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openBackupStore, restoreBackup } from '@portico/backup';
import { makeEmptyDatabase } from '@portico/database';
import { z } from 'zod';
import { installedMigrations } from './installedMigrations';
import { portalMigrations } from './portalMigrations';
import { prepareDatabase, readPreparation } from './prepareDatabase';
import { readCommandEnvironment } from './readCommandEnvironment';

const environmentSchema = z.object({
  PORTICO_BACKUP_S3_ENDPOINT: z.url().optional(),
  PORTICO_BACKUP_S3_REGION: z.string().optional(),
  PORTICO_POSTGRES_PROGRAMS: z.string().optional(),
});

const argumentsSchema = z.object({
  from: z.string({
    error: 'say with --from where the backups are: a folder, or s3://…',
  }),
  backup: z.string().optional(),
  repositories: z.string().optional(),
  serving: z.boolean(),
});

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: {
      from: { type: 'string' },
      backup: { type: 'string' },
      repositories: { type: 'string' },
      serving: { type: 'boolean', default: false },
    },
  });
  const { from, backup, repositories, serving } = argumentsSchema.parse(values);
  const given = readCommandEnvironment();
  const environment = environmentSchema.parse(given);
  const preparation = readPreparation(given, { serving });
  const started = Date.now();
  // Roles are not part of a backup, and their passwords even less.
  await makeEmptyDatabase(preparation.adminConnection, preparation);
  const connection = new URL(preparation.adminConnection);
  connection.pathname = `/${preparation.database}`;
  const restored = await restoreBackup({
    store: openBackupStore(from, {
      endpoint: environment.PORTICO_BACKUP_S3_ENDPOINT,
      region: environment.PORTICO_BACKUP_S3_REGION,
    }),
    backup,
    connection: connection.toString(),
    repositories,
    knownMigrations: knownMigrations(),
    programs: environment.PORTICO_POSTGRES_PROGRAMS,
  });
  // rights on the database itself, and tables that this version has besides
  await prepareDatabase(preparation);
  const { name, manifest, rows } = restored;
  print(
    `${name} of ${manifest.createdAt}: ${
      Object.keys(manifest.tables).length
    } tables with ${rows} rows, ${
      restored.repositories ?? 'no'
    } repositories, ${Math.round((Date.now() - started) / 1000)} s`,
  );
}

function knownMigrations(): ReadonlySet<string> {
  return new Set(
    [...portalMigrations, ...installedMigrations].flatMap(({ directory }) =>
      readdirSync(directory),
    ),
  );
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

run().catch(error => {
  process.stderr.write(`The backup could not be restored: ${error}\n`);
  process.exitCode = 1;
});
