import { chown, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PostgresServer } from '@portico/launcher';
import { Client } from 'pg';
import { runTool } from './runTool';

/** A PostgreSQL that talks TLS and nothing else. */
export interface TlsPostgres {
  server: PostgresServer;
  /** Certificate of whom to trust. */
  certificate: string;
}

/**
 * Starts a server whose certificate is of `127.0.0.1`.
 *
 * @param folder - an empty folder for data, log and certificate
 */
export async function startTlsPostgres(folder: string): Promise<TlsPostgres> {
  const data = join(folder, 'postgres');
  const server = await PostgresServer.start({
    directory: data,
    password: 'of-the-superuser-of-the-test',
    logFile: join(folder, 'postgres.log'),
    durable: false,
  });
  const [key, certificate] = [join(data, 'tls.key'), join(data, 'tls.crt')];
  await runTool('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2'],
    // an address: an image has no names, and the runtime gives it those
    ...['-subj', '/CN=database', '-addext', 'subjectAltName=IP:127.0.0.1'],
    ...['-keyout', key, '-out', certificate],
  ]);
  const owner = await stat(data);
  await chown(key, owner.uid, owner.gid);
  await chown(certificate, owner.uid, owner.gid);
  const rules = join(data, 'pg_hba.conf');
  const text = await readFile(rules, 'utf8');
  // whoever comes without TLS finds no rule
  await writeFile(rules, text.replace(/^host\s/gm, 'hostssl '));
  const client = new Client({ connectionString: server.adminConnection });
  await client.connect();
  try {
    await client.query(`alter system set ssl_key_file = '${key}'`);
    await client.query(`alter system set ssl_cert_file = '${certificate}'`);
    await client.query(`alter system set ssl = on`);
    await client.query('select pg_reload_conf()');
  } finally {
    await client.end();
  }
  return { server, certificate };
}
