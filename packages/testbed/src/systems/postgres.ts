import { randomBytes } from 'node:crypto';
import { chown, rm, writeFile } from 'node:fs/promises';
import { findPostgresPrograms } from '@portico/launcher';
import { Client } from 'pg';
import { type BedSystem } from '../BedSystem';
import { runTool } from '../build/runTool';
import { runAs } from './runAs';

/** A database server of its own for Gitea. */
export const postgres: BedSystem = {
  name: 'postgres',
  title: 'PostgreSQL',
  needs: [],
  // It comes as a package of npm.
  programs: [],
  async start(bed) {
    const programs = findPostgresPrograms();
    const port = await bed.port();
    const password = randomBytes(24).toString('hex');
    const data = bed.path('postgres');
    const passwordFile = bed.path('postgres-password');
    const user = await runAs(programs.postgres, bed.folder.run);
    await user.makeFolder(data);
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    if (user.owner) {
      await chown(passwordFile, user.owner.uid, user.owner.gid);
    }
    await runTool({
      ...user.wrap(programs.initdb, [
        `--pgdata=${data}`,
        '--username=postgres',
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--no-sync',
      ]),
      cwd: bed.folder.run,
    });
    await rm(passwordFile);
    const settings = {
      port,
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      fsync: 'off',
      synchronous_commit: 'off',
    };
    const record = await bed.start({
      name: 'postgres',
      ...user.wrap(programs.postgres, [
        '-D',
        data,
        ...Object.entries(settings).flatMap(([name, value]) => [
          '-c',
          `${name}=${value}`,
        ]),
      ]),
    });
    await bed.until(record, () => makeDatabases(port, password));
    return { postgres: { port, password } };
  },
};

async function makeDatabases(port: number, password: string): Promise<void> {
  const client = new Client({
    host: '127.0.0.1',
    port,
    user: 'postgres',
    password,
    database: 'postgres',
    connectionTimeoutMillis: 5_000,
  });
  try {
    await client.connect();
    await client.query('CREATE DATABASE gitea');
  } finally {
    await client.end();
  }
}
