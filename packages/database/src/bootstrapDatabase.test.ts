import { Client } from 'pg';
import { bootstrapDatabase } from './bootstrapDatabase';
import { type LoginRole } from './roles';
import { TestDatabase } from './testUtils';

// The database takes its time on a busy machine.
jest.setTimeout(60_000);

describe('bootstrapDatabase', () => {
  let testDatabase: TestDatabase;

  beforeAll(async () => {
    testDatabase = await TestDatabase.create({
      pluginIds: ['catalog', 'search', 'tenancy'],
    });
  });
  afterAll(() => testDatabase?.destroy());

  async function query(connectionString: string, sql: string) {
    const client = new Client({ connectionString });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }
  const asAdmin = (sql: string) =>
    query(testDatabase.adminConnectionString, sql);
  const asLogin = (login: LoginRole, sql: string) =>
    query(testDatabase.connectionString(login), sql);

  it('can run twice, and by two at once', async () => {
    const database = new URL(testDatabase.adminConnectionString).pathname.slice(
      1,
    );
    const fresh = `${database}_b`;
    const password = new URL(testDatabase.connectionString('app')).password;
    const again = (name: string) =>
      // the same connection as every other test file: the roles are shared
      bootstrapDatabase(process.env.PORTICO_TEST_POSTGRES ?? '', {
        database: name,
        passwords: {
          app: password,
          stock: password,
          migrator: password,
          jobs: password,
        },
        pluginIds: ['catalog', 'search', 'tenancy', 'scaffolder'],
      });
    await asLogin('stock', 'create table catalog.kept (id int)');
    try {
      await Promise.all([
        again(database),
        again(fresh),
        again(fresh),
        again(fresh),
      ]);
      await again(database);
      await expect(
        asLogin('stock', 'select count(*) from catalog.kept'),
      ).resolves.toEqual([{ count: '0' }]);
    } finally {
      await asAdmin(`drop database if exists ${fresh} with (force)`);
    }
  });

  it('gives no login more than it needs', async () => {
    await expect(
      asAdmin(`
        select rolname from pg_roles where rolname like 'portico\\_%'
          and (rolsuper or rolcreatedb or rolcreaterole or rolreplication
            or rolbypassrls and rolname <> 'portico_backup')
      `),
    ).resolves.toEqual([]);
    for (const login of ['app', 'stock', 'jobs'] as const) {
      await expect(asLogin(login, 'create schema mine')).rejects.toThrow(
        'permission denied for database',
      );
      await expect(
        asLogin(login, 'create table public.mine (id int)'),
      ).rejects.toThrow('permission denied for schema public');
    }
    await expect(
      asLogin('app', 'create table catalog.mine (id int)'),
    ).rejects.toThrow('permission denied for schema catalog');
    await expect(
      asLogin('stock', 'create table tenancy.mine (id int)'),
    ).rejects.toThrow('permission denied for schema tenancy');
    await expect(
      asLogin('stock', 'select * from graphile_worker.jobs'),
    ).rejects.toThrow('permission denied for schema graphile_worker');
  });

  it('lets a stock plugin make its tables, and temporary ones', async () => {
    await asLogin('stock', 'create table search.documents (text text)');
    await asLogin('stock', 'create temporary table staged (text text)');
    await expect(
      asLogin(
        'stock',
        `select public.similarity('portico', 'portica') > 0.4 as similar`,
      ),
    ).resolves.toEqual([{ similar: true }]);
  });

  it('makes logins that serve with rows alone, and one that reads for a backup', async () => {
    const url = new URL(testDatabase.adminConnectionString);
    const secret = new URL(testDatabase.connectionString('app')).password;
    const login = (name: string) => {
      url.username = name;
      url.password = secret;
      return url.toString();
    };
    await bootstrapDatabase(process.env.PORTICO_TEST_POSTGRES ?? '', {
      database: url.pathname.slice(1),
      passwords: {
        app: secret,
        stock: secret,
        migrator: secret,
        jobs: secret,
        serving: { app: secret, stock: secret },
        backup: secret,
      },
      pluginIds: ['catalog', 'search', 'tenancy'],
    });
    // made after the rights were given
    await asLogin('stock', 'create table catalog.later (id serial, text text)');
    const serving = login('portico_stock_serving');
    await query(serving, `insert into catalog.later (text) values ('there')`);
    await query(serving, 'create temporary table staged (text text)');
    for (const refused of [
      'create table catalog.mine (id int)',
      'alter table catalog.later add column more text',
      'drop table catalog.later',
      'truncate catalog.later',
      'set role portico_tenant',
    ]) {
      await expect(query(serving, refused)).rejects.toThrow(
        /permission denied|must be owner/,
      );
    }
    await expect(
      query(login('portico_app_serving'), 'select * from catalog.later'),
    ).rejects.toThrow('permission denied for schema catalog');
    await expect(
      query(login('portico_app_serving'), 'set role portico_tenant'),
    ).resolves.toEqual([]);

    const backup = login('portico_backup');
    await expect(
      query(backup, 'select text from catalog.later'),
    ).resolves.toEqual([{ text: 'there' }]);
    await expect(
      query(backup, 'begin read write; delete from catalog.later'),
    ).rejects.toThrow('permission denied');
  });

  it('lets nobody else into the database', async () => {
    const outsider = `outsider_${process.pid}`;
    await asAdmin(`create role ${outsider} login password 'outsider'`);
    try {
      const url = new URL(testDatabase.adminConnectionString);
      url.username = outsider;
      url.password = 'outsider';
      await expect(query(url.toString(), 'select 1')).rejects.toThrow(
        'permission denied for database',
      );
    } finally {
      await asAdmin(`drop role ${outsider}`);
    }
  });
});
