// A PostgreSQL of its own for the benchmarks of the audit, with fsync on, and the
// portal's roles and audit tables in it.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
// The sources are TypeScript, and run as they are.
require('@backstage/cli/config/nodeTransform.cjs');
const {
  bootstrapDatabase,
  createPorticoDatabase,
  migrate,
} = require('../packages/database/src');
const { PostgresServer } = require('../packages/launcher/src/PostgresServer');
const { auditMigrations } = require('../plugins/audit-backend/src/migrations');

/** Runs `fn` with a fresh database and throws all of it away. */
export async function withAuditPostgres(fn) {
  const folder = mkdtempSync(join(tmpdir(), 'portico-audit-'));
  const password = randomBytes(16).toString('hex');
  const server = await PostgresServer.start({
    directory: join(folder, 'data'),
    password,
    logFile: join(folder, 'postgres.log'),
    durable: true,
  });
  try {
    const url = (user, database) =>
      `postgres://${user}:${password}@127.0.0.1:${server.port}/${database}`;
    await bootstrapDatabase(url('postgres', 'postgres'), {
      database: 'portico',
      passwords: {
        app: password,
        stock: password,
        migrator: password,
        jobs: password,
      },
    });
    await migrate({
      connection: url('portico_migrator', 'portico'),
      migrations: [auditMigrations],
    });
    const appUrl = url('portico_app', 'portico');
    const database = createPorticoDatabase({
      connection: { connectionString: appUrl },
      maximumConnections: 20,
    });
    try {
      return await fn({
        database,
        appUrl,
        adminUrl: url('postgres', 'portico'),
      });
    } finally {
      await database.close();
    }
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
