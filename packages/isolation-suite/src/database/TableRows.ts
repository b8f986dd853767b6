import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { type World } from '../world/World';
import { excludedColumns, type Exclusion } from './excludedColumns';

/** The rows of each table that belong to one tenant: `tenant table` → sorted rows. */
export type TenantRows = ReadonlyMap<string, readonly string[]>;

interface Table {
  schema: string;
  name: string;
}

const LONGEST_WAIT_MILLISECONDS = 120_000;

/**
 * Reads every row of every table of the portal, and tells whose it is by what stands in
 * it. A new table needs no word here.
 */
export async function readTenantRows(
  connectionString: string,
  world: World,
): Promise<TenantRows> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await untilChained(client);
    const owners = await ownersOfEntities(client, world);
    const rows = new Map<string, string[]>();
    for (const table of await tablesOf(client)) {
      const excluded = excludedColumns.filter(rule => isAbout(rule, table));
      if (excluded.some(({ columns, rows: some }) => !columns && !some)) {
        continue;
      }
      const columns = excluded.flatMap(rule => rule.columns ?? []);
      const { rows: found } = await client.query<{ row: string }>(
        `select (to_jsonb(t) - $1::text[])::text as row
           from ${quoted(table)} t`,
        [columns],
      );
      for (const { row } of found) {
        if (excluded.some(rule => leavesOut(rule, row))) {
          continue;
        }
        for (const tenant of tenantsIn(row, world, owners)) {
          const key = `${tenant} ${table.schema}.${table.name}`;
          const known = rows.get(key) ?? [];
          known.push(row);
          rows.set(key, known);
        }
      }
    }
    for (const list of rows.values()) {
      list.sort();
    }
    return rows;
  } finally {
    await client.end();
  }
}

/** What was added to, and what is gone from, the rows of some tenants. */
export function changedRows(
  before: TenantRows,
  after: TenantRows,
  tenants: ReadonlySet<string>,
): Array<{ place: string; removed: string[]; added: string[] }> {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter(key => tenants.has(key.split(' ')[0]))
    .flatMap(place => {
      const was = before.get(place) ?? [];
      const is = after.get(place) ?? [];
      const removed = without(was, is);
      const added = without(is, was);
      return removed.length + added.length > 0
        ? [{ place, removed, added }]
        : [];
    });
}

/** The items of one list beyond those of the other, each as often as it is there. */
function without(list: readonly string[], other: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const item of other) {
    counts.set(item, (counts.get(item) ?? 0) + 1);
  }
  return list.filter(item => {
    const count = counts.get(item) ?? 0;
    counts.set(item, count - 1);
    return count <= 0;
  });
}

/** An act stands in its chain a moment after it was done, and belongs to what was before. */
async function untilChained(client: Client): Promise<void> {
  const { rows } = await client.query<{ last: string | null }>(
    'select max(position) as last from portico_audit.outbox',
  );
  const deadline = Date.now() + LONGEST_WAIT_MILLISECONDS;
  for (;;) {
    const waiting = await client.query(
      'select from portico_audit.outbox where position <= $1 limit 1',
      [rows[0]?.last ?? null],
    );
    if (waiting.rows.length === 0) {
      return;
    }
    if (Date.now() > deadline) {
      throw new Error(
        'The relay of the audit chained nothing for two minutes: look at the log of the portal',
      );
    }
    await delay(100);
  }
}

async function tablesOf(client: Client): Promise<Table[]> {
  const { rows } = await client.query<Table>(
    `select table_schema as schema, table_name as name
       from information_schema.tables
      where table_type = 'BASE TABLE'
        and table_schema not in ('pg_catalog', 'information_schema')
      order by 1, 2`,
  );
  return rows;
}

/** Rows of the catalog that name an entity by its id only belong to its tenant. */
async function ownersOfEntities(
  client: Client,
  world: World,
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ id: string; tenant: string }>(
    `select entity_id as id,
            split_part(split_part(entity_ref, ':', 2), '/', 1) as tenant
       from catalog.refresh_state`,
  );
  const ids = new Set(world.tenants.map(({ id }) => id));
  return new Map(
    rows
      .filter(({ tenant }) => ids.has(tenant))
      .map(({ id, tenant }) => [id, tenant]),
  );
}

/** Columns that say whose a row is, whatever else it names. */
const OWNER_COLUMNS = [
  'tenant',
  'chain',
  'user_entity_ref',
  'user',
  'created_by',
];

const ENTITY_ID = /"entity_id": "([0-9a-f-]{36})"/;

function tenantsIn(
  row: string,
  world: World,
  owners: ReadonlyMap<string, string>,
): string[] {
  const values: Record<string, unknown> = JSON.parse(row);
  const [stated] = OWNER_COLUMNS.map(column => values[column]).filter(
    value => typeof value === 'string',
  );
  if (stated !== undefined) {
    const tenant = /^user:([^/]+)\//.exec(String(stated))?.[1] ?? stated;
    return world.tenants.map(({ id }) => id).filter(id => id === tenant);
  }
  const owner = owners.get(ENTITY_ID.exec(row)?.[1] ?? '');
  return world.tenants
    .filter(
      ({ id, canaries }) =>
        id === owner ||
        row.includes(canaries.stem) ||
        new RegExp(`(?<![a-z0-9-])${id}(?![a-z0-9-])`).test(row),
    )
    .map(({ id }) => id);
}

function isAbout({ table }: Exclusion, { schema, name }: Table): boolean {
  const [wantedSchema, wantedName] = table.split('.');
  return (
    (wantedSchema === '*' || wantedSchema === schema) &&
    (wantedName === '*' || wantedName === name)
  );
}

function leavesOut({ rows }: Exclusion, row: string): boolean {
  if (!rows) {
    return false;
  }
  const values: Record<string, unknown> = JSON.parse(row);
  return Object.entries(rows).every(
    ([column, value]) => values[column] === value,
  );
}

function quoted({ schema, name }: Table): string {
  return `"${schema}"."${name}"`;
}
