import { cp, mkdtemp, rm, writeFile } from 'fs/promises';
import { tmpdir } from 'os';
import { join, resolve } from 'path';
import { notesMigrations } from './__fixtures__/notesMigrations';
import { schemasBehind } from './expectedMigrations';
import { type PluginMigrations } from './Migrations';
import { migrate, rollback } from './migrate';
import { TestDatabase } from './testUtils';

// The database takes its time on a busy machine.
jest.setTimeout(60_000);

describe('migrate', () => {
  let testDatabase: TestDatabase;

  beforeAll(async () => {
    testDatabase = await TestDatabase.create({ pluginIds: [] });
  });
  afterAll(() => testDatabase?.destroy());

  const countNotes = () =>
    testDatabase.database.inTenant('aurora', transaction =>
      transaction('portico_notes.notes').count({ count: '*' }),
    );

  it('goes up, down and up again, and keeps rows when nothing is new', async () => {
    const connection = testDatabase.connectionString('migrator');
    await migrate({ connection, migrations: [notesMigrations] });
    await testDatabase.database.inTenant('aurora', transaction =>
      transaction('portico_notes.notes').insert({
        tenant: 'aurora',
        text: 'a',
      }),
    );
    await migrate({ connection, migrations: [notesMigrations] });
    await expect(countNotes()).resolves.toEqual([{ count: '1' }]);

    await rollback({ connection, migrations: notesMigrations });
    await expect(countNotes()).rejects.toThrow(
      'relation "portico_notes.notes" does not exist',
    );
    await migrate({ connection, migrations: [notesMigrations] });
    await expect(countNotes()).resolves.toEqual([{ count: '0' }]);
  });

  it('tells who serves how far it is, and stands an older version after a newer one', async () => {
    const connection = testDatabase.connectionString('migrator');
    const folder = await mkdtemp(join(tmpdir(), 'portico-migrations-'));
    const newer = { ...notesMigrations, directory: folder };
    await cp(notesMigrations.directory, folder, { recursive: true });
    await writeFile(
      join(folder, '20270101000000_colour.js'),
      `exports.up = knex => knex.raw('alter table portico_notes.notes add column colour text');
       exports.down = knex => knex.raw('alter table portico_notes.notes drop column colour');`,
    );
    const behind = (migrations: PluginMigrations[]) =>
      testDatabase.database.asPlatform('look how far it is', transaction =>
        schemasBehind(transaction, migrations),
      );
    try {
      await migrate({ connection, migrations: [notesMigrations] });
      expect(await behind([notesMigrations])).toEqual([]);
      expect(await behind([newer])).toEqual(['portico_notes']);
      await migrate({ connection, migrations: [newer] });
      expect(await behind([newer])).toEqual([]);
      // The older version is rolled out again: its step changes nothing.
      await migrate({ connection, migrations: [notesMigrations] });
      expect(await behind([newer, notesMigrations])).toEqual([]);
      expect(
        await behind([{ ...notesMigrations, schema: 'portico_missing' }]),
      ).toEqual(['portico_missing']);
      await rollback({ connection, migrations: newer });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('names the schema whose migration failed, and keeps nothing of it', async () => {
    const broken = {
      schema: 'portico_broken',
      directory: resolve(__dirname, '__fixtures__/broken'),
    };
    const connection = testDatabase.connectionString('migrator');
    await expect(migrate({ connection, migrations: [broken] })).rejects.toThrow(
      /The migration of the schema portico_broken failed.*column "nonsense" does not exist/s,
    );
    await expect(
      testDatabase.database.asPlatform('look for leftovers', transaction =>
        transaction
          .from('pg_tables')
          .where({ schemaname: 'portico_broken', tablename: 'half' }),
      ),
    ).resolves.toEqual([]);
  });

  it('refuses a schema name that would be SQL', async () => {
    await expect(
      migrate({
        connection: testDatabase.connectionString('migrator'),
        migrations: [{ ...notesMigrations, schema: 'a"; drop table b; --' }],
      }),
    ).rejects.toThrow('cannot be a name in the database');
  });
});
