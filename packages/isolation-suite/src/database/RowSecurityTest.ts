import { performance } from 'node:perf_hooks';
import { type TestDatabase } from '@portico/database/testUtils';
import { Client, type DatabaseError } from 'pg';
import { type Finding } from '../matrix/Finding';
import { type World } from '../world/World';
import { describeTables, type OwnTable } from './describeTables';
import { otherValues } from './otherValues';
import {
  keysOverAllTenants,
  migrationTable,
  tablesWithoutRowSecurity,
} from './rowSecurityExceptions';
import { tryFunctions } from './tryFunctions';

const NOT_ALLOWED = '42501';
const TIMINGS = 40;
const TIMING_FLOOR_MILLISECONDS = 2;
const TIMING_RATIO = 4;
const NOBODY = 'nobody-here';

/** What came of trying a statement. */
interface Attempt {
  /** `ok`, or the code of the database's error. */
  outcome: string;
  rows: number;
}

/** What the test of the third wall gave. */
export interface RowSecurityResult {
  tables: number;
  attempts: number;
  findings: Finding[];
}

class RowSecurityTest {
  readonly #findings: Finding[] = [];
  readonly #database: TestDatabase;
  readonly #own: string;
  readonly #foreign: string;
  #attempts = 0;

  constructor(database: TestDatabase, world: World) {
    this.#database = database;
    const [own, foreign] = world.tenants.filter(({ isEmpty }) => !isEmpty);
    this.#own = own.id;
    this.#foreign = foreign.id;
  }

  async run(): Promise<RowSecurityResult> {
    const admin = await this.#connect(this.#database.adminConnectionString);
    const app = await this.#connect(this.#database.connectionString('app'));
    const others = await Promise.all(
      (['stock', 'jobs'] as const).map(async login => ({
        login,
        client: await this.#connect(this.#database.connectionString(login)),
      })),
    );
    try {
      const tables = await describeTables(admin);
      for (const table of tables) {
        this.#checkShape(table);
        for (const { login, client } of [
          ...others,
          { login: 'app', client: app },
        ]) {
          await this.#checkLogin(client, login, table);
        }
        if (table.tenantColumn) {
          await this.#checkTenant(admin, app, table, table.tenantColumn);
        }
      }
      await this.#checkRoles([...others, { login: 'app', client: app }]);
      await this.#checkStockTables(admin, app);
      this.#findings.push(
        ...(await tryFunctions(admin, {
          own: this.#own,
          foreign: this.#foreign,
        })),
      );
      return {
        tables: tables.length,
        attempts: this.#attempts,
        findings: this.#findings,
      };
    } finally {
      await Promise.all(
        [admin, app, ...others.map(({ client }) => client)].map(client =>
          client.end(),
        ),
      );
    }
  }

  async #connect(connectionString: string): Promise<Client> {
    const client = new Client({ connectionString });
    await client.connect();
    return client;
  }

  /** What can be told from the table's description alone. */
  #checkShape(table: OwnTable) {
    if (
      migrationTable.test(table.name) ||
      table.name in tablesWithoutRowSecurity
    ) {
      return;
    }
    if (!table.hasRowSecurity || !table.isForced) {
      this.#report(table, 'row-level security is not forced');
    }
    const { tenantColumn } = table;
    if (!tenantColumn) {
      return;
    }
    for (const { columns, to } of table.references) {
      if (!columns.includes(tenantColumn)) {
        this.#report(table, `a reference to ${to} does not carry the tenant`);
      }
    }
  }

  /** A login by itself, without taking a role, has no business in our tables. */
  async #checkLogin(client: Client, login: string, table: OwnTable) {
    const isOfLogin = table.name === 'portico_jobs.tasks' && login === 'jobs';
    if (isOfLogin) {
      return;
    }
    for (const statement of [
      `select * from ${table.name} limit 1`,
      `insert into ${table.name} default values`,
      `update ${table.name} set ${table.columns[0]} = ${table.columns[0]}`,
      `delete from ${table.name}`,
      `truncate ${table.name}`,
    ]) {
      const { outcome } = await this.#attempt(client, [], statement);
      if (outcome !== NOT_ALLOWED) {
        this.#report(table, `login ${login} may: ${statement} (${outcome})`);
      }
    }
  }

  async #checkTenant(admin: Client, app: Client, table: OwnTable, key: string) {
    const foreign = `${key} = '${this.#foreign}'`;
    const reads = `select ${key} from ${table.name} where ${foreign}`;
    for (const setting of [this.#own, '', undefined]) {
      const { outcome, rows } = await this.#asTenant(app, reads, [], setting);
      if (outcome === 'ok' ? rows > 0 : outcome !== NOT_ALLOWED) {
        this.#report(
          table,
          `with the tenant ${JSON.stringify(setting)}, ${rows} rows of ${
            this.#foreign
          } are read (${outcome})`,
        );
      }
    }
    for (const statement of [
      `update ${table.name} set ${key} = ${key} where ${foreign}`,
      `update ${table.name} set ${key} = '${this.#own}' where ${foreign}`,
      `delete from ${table.name} where ${foreign}`,
      `truncate ${table.name}`,
    ]) {
      const { outcome, rows } = await this.#asTenant(app, statement);
      if (outcome === 'ok' ? rows > 0 : outcome !== NOT_ALLOWED) {
        this.#report(table, `${statement} changed ${rows} rows (${outcome})`);
      }
    }
    const moved = await this.#asTenant(
      app,
      `update ${table.name} set ${key} = '${this.#foreign}' where ${key} = '${
        this.#own
      }'`,
    );
    if (moved.outcome === 'ok' && moved.rows > 0) {
      this.#report(
        table,
        `${moved.rows} own rows were given to ${this.#foreign}`,
      );
    }
    await this.#checkInserts(admin, app, table, key);
    await this.#checkTiming(app, table, key);
  }

  /** A row of another tenant is refused alike, whether it is there already or not. */
  async #checkInserts(
    admin: Client,
    app: Client,
    table: OwnTable,
    key: string,
  ) {
    const { rows } = await admin.query<{ row: Record<string, unknown> }>(
      `select to_jsonb(t) as row from ${table.name} t where ${key} = $1 limit 1`,
      [this.#foreign],
    );
    if (rows.length === 0) {
      return;
    }
    const [{ row }] = rows;
    const insert = `insert into ${table.name} overriding system value
      select * from jsonb_populate_record(null::${table.name}, $1)`;
    const existing = await this.#asTenant(app, insert, [JSON.stringify(row)]);
    const absent = await this.#asTenant(app, insert, [
      JSON.stringify(otherValues(row, table.columns, [key])),
    ]);
    if (existing.outcome !== NOT_ALLOWED || absent.outcome !== NOT_ALLOWED) {
      this.#report(
        table,
        `inserting for ${this.#foreign} gives ${
          existing.outcome
        } for a row that exists and ${absent.outcome} for one that does not`,
      );
    }
    for (const unique of table.uniqueKeys) {
      const name = `${table.name} (${unique.join(', ')})`;
      if (unique.includes(key) || name in keysOverAllTenants) {
        continue;
      }
      const mine = { ...row, [key]: this.#own };
      const taken = await this.#asTenant(app, insert, [
        JSON.stringify(otherValues(mine, table.columns, [key, ...unique])),
      ]);
      const free = await this.#asTenant(app, insert, [
        JSON.stringify(otherValues(mine, table.columns, [key])),
      ]);
      if (taken.outcome !== free.outcome) {
        this.#report(
          table,
          `the unique key (${unique.join(', ')}) tells that ${
            this.#foreign
          } has a value: ${taken.outcome} instead of ${free.outcome}`,
        );
      }
    }
  }

  /** Looking for what another tenant has takes no longer than looking for nothing. */
  async #checkTiming(app: Client, table: OwnTable, key: string) {
    const times: Record<string, number[]> = {
      [this.#foreign]: [],
      [NOBODY]: [],
    };
    for (let round = 0; round < TIMINGS; round += 1) {
      for (const wanted of [this.#foreign, NOBODY]) {
        const start = performance.now();
        await this.#asTenant(
          app,
          `select 1 from ${table.name} where ${key} = $1`,
          [wanted],
        );
        times[wanted].push(performance.now() - start);
      }
    }
    const [there, nowhere] = [this.#foreign, NOBODY].map(
      wanted => times[wanted].sort((a, b) => a - b)[TIMINGS / 2],
    );
    if (
      there - nowhere > TIMING_FLOOR_MILLISECONDS &&
      there > TIMING_RATIO * nowhere
    ) {
      this.#report(
        table,
        `looking for ${this.#foreign} takes ${there.toFixed(
          1,
        )} ms, for nobody ${nowhere.toFixed(1)} ms`,
      );
    }
  }

  /** Who may become whom: the logins that serve requests take no more than they need. */
  async #checkRoles(logins: Array<{ login: string; client: Client }>) {
    const allowed: Record<string, readonly string[]> = {
      app: ['portico_tenant', 'portico_platform'],
    };
    for (const { login, client } of logins) {
      for (const role of [
        'portico_tenant',
        'portico_platform',
        'portico_owner',
        'portico_migrator',
        'postgres',
      ]) {
        const { outcome } = await this.#attempt(
          client,
          [],
          `set local role ${role}`,
        );
        const may = allowed[login]?.includes(role) ?? false;
        if ((outcome === 'ok') !== may) {
          this.#findings.push({
            kind: 'let in',
            where: `row-level security, login ${login}`,
            detail: `becoming ${role}: ${outcome}`,
          });
        }
      }
    }
  }

  /** The tenant role has no business in the tables of the stock plugins. */
  async #checkStockTables(admin: Client, app: Client) {
    const { rows } = await admin.query<{ name: string }>(
      `select format('%I.%I', table_schema, table_name) as name
         from information_schema.tables
        where table_schema not like 'portico\\_%'
          and table_schema not in ('pg_catalog', 'information_schema')`,
    );
    for (const { name } of rows) {
      const { outcome } = await this.#asTenant(
        app,
        `select 1 from ${name} limit 1`,
      );
      if (outcome !== NOT_ALLOWED) {
        this.#findings.push({
          kind: 'let in',
          where: `row-level security, ${name}`,
          detail: `the tenant role reads it (${outcome})`,
        });
      }
    }
  }

  #asTenant(
    app: Client,
    statement: string,
    values: unknown[] = [],
    tenant: string | undefined = this.#own,
  ): Promise<Attempt> {
    return this.#attempt(
      app,
      [
        'set local role portico_tenant',
        ...(tenant === undefined
          ? []
          : [`set local portico.tenant = '${tenant}'`]),
      ],
      statement,
      values,
    );
  }

  /** Tries a statement in a transaction that is always taken back. */
  async #attempt(
    client: Client,
    before: readonly string[],
    statement: string,
    values: unknown[] = [],
  ): Promise<Attempt> {
    this.#attempts += 1;
    await client.query('begin');
    try {
      for (const preparation of before) {
        await client.query(preparation);
      }
      const { rowCount } = await client.query(statement, values);
      return { outcome: 'ok', rows: rowCount ?? 0 };
    } catch (error) {
      return { outcome: (error as DatabaseError).code ?? 'no code', rows: 0 };
    } finally {
      await client.query('rollback');
    }
  }

  #report(table: OwnTable, detail: string) {
    this.#findings.push({
      kind: 'let in',
      where: `row-level security, ${table.name}`,
      detail,
    });
  }
}

/**
 * Tries on every table of ours what row-level security must stop: as each login, and as
 * the role of one tenant against the rows of another. Tables, keys and functions come
 * from the database's own catalog, so a new one is tried without a word here.
 */
export async function testRowSecurity(
  database: TestDatabase,
  world: World,
): Promise<RowSecurityResult> {
  const test = new RowSecurityTest(database, world);
  return test.run();
}
