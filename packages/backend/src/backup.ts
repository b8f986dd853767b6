import { parseArgs } from 'node:util';
import {
  createBackup,
  openBackupStore,
  removeOldBackups,
} from '@portico/backup';
import { roles } from '@portico/database';
import { z } from 'zod';
import { readCommandEnvironment } from './readCommandEnvironment';

const environmentSchema = z.object({
  PORTICO_POSTGRES_HOST: z.string().min(1),
  PORTICO_POSTGRES_PORT: z.coerce.number().int().default(5432),
  PORTICO_DATABASE_NAME: z.string().min(1).default('portico'),
  PORTICO_BACKUP_PASSWORD: z.string().min(8),
  PORTICO_BACKUP_S3_ENDPOINT: z.url().optional(),
  PORTICO_BACKUP_S3_REGION: z.string().optional(),
  PORTICO_POSTGRES_PROGRAMS: z.string().optional(),
  PORTICO_VERSION: z.string().default('unknown'),
  PGSSLMODE: z.string().optional(),
});

const argumentsSchema = z.object({
  to: z.string({
    error: 'say with --to where the backup goes: a folder, or s3://…',
  }),
  repositories: z.string().optional(),
  keep: z.coerce
    .number({ error: '--keep takes how many backups stay' })
    .int()
    .min(1)
    .optional(),
});

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: {
      to: { type: 'string' },
      repositories: { type: 'string' },
      keep: { type: 'string' },
    },
  });
  const { to, repositories, keep } = argumentsSchema.parse(values);
  const environment = environmentSchema.parse(readCommandEnvironment());
  const store = openBackupStore(to, {
    endpoint: environment.PORTICO_BACKUP_S3_ENDPOINT,
    region: environment.PORTICO_BACKUP_S3_REGION,
  });
  const started = Date.now();
  const { name, manifest } = await createBackup({
    connection: connectionOf(environment),
    store,
    repositories,
    version: environment.PORTICO_VERSION,
    programs: environment.PORTICO_POSTGRES_PROGRAMS,
  });
  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  print(
    `${store.title}/${name}: ${manifest.files.length} files, ${bytes} bytes, ${
      Object.keys(manifest.tables).length
    } tables, ${Math.round((Date.now() - started) / 1000)} s`,
  );
  if (keep !== undefined) {
    const removed = await removeOldBackups(store, keep);
    print(`removed: ${removed.join(', ') || 'none'}`);
  }
}

function connectionOf(environment: z.infer<typeof environmentSchema>): string {
  const url = new URL('postgres://localhost');
  url.hostname = environment.PORTICO_POSTGRES_HOST;
  url.port = String(environment.PORTICO_POSTGRES_PORT);
  url.username = roles.backup;
  url.password = encodeURIComponent(environment.PORTICO_BACKUP_PASSWORD);
  url.pathname = `/${environment.PORTICO_DATABASE_NAME}`;
  if (environment.PGSSLMODE) {
    url.searchParams.set('sslmode', environment.PGSSLMODE);
  }
  return url.toString();
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

run().catch(error => {
  process.stderr.write(`The backup could not be taken: ${error}\n`);
  process.exitCode = 1;
});
