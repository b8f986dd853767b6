import { resolve } from 'path';
import { notesMigrations } from './__fixtures__/notesMigrations';
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
