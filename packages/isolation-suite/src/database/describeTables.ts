import { type Client } from 'pg';

/** A table of a plugin of ours, as the database itself describes it. */
export interface OwnTable {
  /** Quoted, with its schema. */
  name: string;
  /** The column that says whose a row is: `tenant`, or `chain` for the audit. */
  tenantColumn?: string;
  columns: string[];
  hasRowSecurity: boolean;
  isForced: boolean;
  /** Columns of each unique index. */
  uniqueKeys: string[][];
  /** Columns of each reference to another table. */
  references: Array<{ columns: string[]; to: string }>;
}

const TENANT_COLUMNS: readonly string[] = ['tenant', 'chain'];

/** All tables in schemas whose name begins with `portico_`. */
export async function describeTables(client: Client): Promise<OwnTable[]> {
  const { rows } = await client.query<{
    name: string;
    columns: string[];
    hasRowSecurity: boolean;
    isForced: boolean;
    uniqueKeys: string[][] | null;
    references: OwnTable['references'] | null;
  }>(`
    select format('%I.%I', n.nspname, c.relname) as name,
           c.relrowsecurity as "hasRowSecurity",
           c.relforcerowsecurity as "isForced",
           (select json_agg(a.attname order by a.attnum)
              from pg_attribute a
             where a.attrelid = c.oid and a.attnum > 0
               and not a.attisdropped and a.attgenerated = '') as columns,
           (select json_agg((
              select json_agg(a.attname)
                from pg_attribute a
               where a.attrelid = c.oid and a.attnum = any (i.indkey)))
              from pg_index i
             where i.indrelid = c.oid and i.indisunique) as "uniqueKeys",
           (select json_agg(json_build_object(
              'to', k.confrelid::regclass::text,
              'columns', (select json_agg(a.attname)
                            from pg_attribute a
                           where a.attrelid = c.oid
                             and a.attnum = any (k.conkey))))
              from pg_constraint k
             where k.conrelid = c.oid and k.contype = 'f') as references
      from pg_class c
      join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and n.nspname like 'portico\\_%'
     order by 1`);
  return rows.map(row => ({
    ...row,
    uniqueKeys: row.uniqueKeys ?? [],
    references: row.references ?? [],
    tenantColumn: TENANT_COLUMNS.find(column => row.columns.includes(column)),
  }));
}
