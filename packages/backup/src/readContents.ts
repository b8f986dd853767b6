import { type ClientBase } from 'pg';
import { type BackupManifest } from './BackupManifest';

/** What a database holds, as the manifest says it. */
export type Contents = Pick<BackupManifest, 'tables' | 'migrations'>;

/**
 * Counts the rows of every table, and reads which migrations ran. All of it belongs to
 * one moment when the client is in a transaction that is repeatable read.
 */
export async function readContents(client: ClientBase): Promise<Contents> {
  const { rows: tables } = await client.query<{ schema: string; name: string }>(
    `select n.nspname as schema, c.relname as name
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p')
        and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
      order by 1, 2`,
  );
  const contents: Contents = { tables: {}, migrations: {} };
  for (const { schema, name } of tables) {
    const table = `${client.escapeIdentifier(schema)}.${client.escapeIdentifier(
      name,
    )}`;
    const counted = await client.query<{ count: string }>(
      `select count(*) from ${table}`,
    );
    contents.tables[`${schema}.${name}`] = Number(counted.rows[0].count);
    if (name.endsWith('knex_migrations')) {
      const { rows } = await client.query<{ name: string }>(
        `select name from ${table} order by id`,
      );
      contents.migrations[`${schema}.${name}`] = rows.map(row => row.name);
    }
  }
  return contents;
}
