import { createBackendPlugin } from '@backstage/backend-plugin-api';
import {
  mockServices,
  startTestBackend,
  type TestBackend,
} from '@backstage/backend-test-utils';
import { InputError } from '@backstage/errors';
import { type JsonObject } from '@backstage/types';
import * as fc from 'fast-check';
import { Client } from 'pg';
import { z } from 'zod';
import { notesMigrations } from './__fixtures__/notesMigrations';
import { createPorticoDatabase } from './createPorticoDatabase';
import {
  type PorticoDatabase,
  porticoDatabaseServiceRef,
} from './PorticoDatabase';
import { type LoginRole } from './roles';
import { TestDatabase } from './testUtils';

// The database takes its time on a busy machine.
jest.setTimeout(60_000);

const notes = 'portico_notes.notes';

describe('the database of Portico', () => {
  let testDatabase: TestDatabase;

  beforeAll(async () => {
    testDatabase = await TestDatabase.create({ migrations: [notesMigrations] });
    for (const tenant of ['aurora', 'borealis']) {
      await testDatabase.database.inTenant(tenant, async transaction => {
        await transaction(notes).insert({ tenant, text: `of ${tenant}` });
      });
    }
  });
  afterAll(() => testDatabase?.destroy());

  async function asLogin(login: LoginRole, sql: string) {
    const client = new Client({
      connectionString: testDatabase.connectionString(login),
    });
    await client.connect();
    try {
      // several statements give a list of answers
      const answers = [await client.query(sql)].flat();
      return answers[answers.length - 1].rows;
    } finally {
      await client.end();
    }
  }

  it('shows a tenant its own rows alone', async () => {
    const { database } = testDatabase;
    for (const tenant of ['aurora', 'borealis']) {
      await expect(
        database.inTenant(tenant, transaction => transaction(notes).select()),
      ).resolves.toEqual([{ tenant, text: `of ${tenant}` }]);
    }
    await expect(
      database.inTenant('aurora', transaction =>
        transaction(notes).where({ tenant: 'borealis' }).update({ text: 'x' }),
      ),
    ).resolves.toBe(0);
    await expect(
      database.inTenant('aurora', transaction =>
        transaction(notes).delete().where({ tenant: 'borealis' }),
      ),
    ).resolves.toBe(0);
  });

  it('refuses a row of another tenant and keeps nothing of the transaction', async () => {
    const { database } = testDatabase;
    await expect(
      database.inTenant('aurora', async transaction => {
        await transaction(notes).insert({ tenant: 'aurora', text: 'second' });
        await transaction(notes).insert({
          tenant: 'borealis',
          text: 'foreign',
        });
      }),
    ).rejects.toThrow('violates row-level security policy');
    await expect(
      database.inTenant('aurora', transaction =>
        transaction(notes).update({ tenant: 'borealis' }),
      ),
    ).rejects.toThrow('violates row-level security policy');
    await expect(
      database.asPlatform('count after refusals', transaction =>
        transaction(notes).count({ count: '*' }),
      ),
    ).resolves.toEqual([{ count: '2' }]);
  });

  it('shows the platform all rows, with the reason in the log name', async () => {
    await testDatabase.database.asPlatform(
      'look for ümlauts',
      async transaction => {
        await expect(
          transaction(notes).pluck('tenant').orderBy('tenant'),
        ).resolves.toEqual(['aurora', 'borealis']);
        await expect(
          transaction.select(
            transaction.raw(`current_setting('application_name') as name`),
          ),
        ).resolves.toEqual([{ name: 'portico: look for ?mlauts' }]);
      },
    );
    await expect(
      testDatabase.database.asPlatform(' ', async () => 1),
    ).rejects.toThrow(InputError);
  });

  it('leaves neither role nor tenant on a pooled connection', async () => {
    const database = createPorticoDatabase({
      connection: {
        connectionString: testDatabase.connectionString('app'),
      },
      maximumConnections: 1,
    });
    const backend = (transaction: { raw: (sql: string) => unknown }) =>
      transaction.raw(
        `select pg_backend_pid() as pid, current_setting('portico.tenant', true) as tenant`,
      );
    const row = z.object({
      rows: z.tuple([
        z.object({ pid: z.number(), tenant: z.string().nullable() }),
      ]),
    });
    try {
      const first = row.parse(
        await database.inTenant('aurora', async t => backend(t)),
      );
      await expect(
        database.inTenant('aurora', async () => {
          throw new Error('stopped half-way');
        }),
      ).rejects.toThrow('stopped half-way');
      const second = row.parse(
        await database.asPlatform('look at the setting', async t => backend(t)),
      );
      expect(first.rows[0].tenant).toBe('aurora');
      expect(second.rows[0]).toEqual({ pid: first.rows[0].pid, tenant: '' });
      await expect(
        database.inTenant('borealis', t => t(notes).pluck('tenant')),
      ).resolves.toEqual(['borealis']);
    } finally {
      await database.close();
    }
  });

  it('is closed to every login outside of such a transaction', async () => {
    for (const login of ['app', 'stock', 'jobs'] as const) {
      await expect(asLogin(login, `select * from ${notes}`)).rejects.toThrow(
        'permission denied for schema portico_notes',
      );
    }
    // even the owner sees nothing without a tenant
    await expect(
      asLogin('migrator', `set role portico_owner; select * from ${notes}`),
    ).resolves.toEqual([]);
  });

  it('lets no login take a role that it has not been given', async () => {
    const refused: Array<[LoginRole, string]> = [
      ['stock', 'portico_tenant'],
      ['stock', 'portico_platform'],
      ['stock', 'portico_owner'],
      ['app', 'portico_owner'],
      ['app', 'portico_jobs'],
      ['app', 'portico_stock'],
      ['jobs', 'portico_tenant'],
      ['migrator', 'portico_platform'],
    ];
    for (const [login, role] of refused) {
      await expect(asLogin(login, `set role ${role}`)).rejects.toThrow(
        `permission denied to set role "${role}"`,
      );
    }
  });

  it('refuses every text that is no tenant id before it asks the database', async () => {
    const unreachable = createPorticoDatabase({
      connection: { host: '127.0.0.1', port: 1 },
    });
    const wellFormed = /^[a-z0-9][a-z0-9-]*[a-z0-9]$/;
    const examples = [
      '',
      'a',
      'Aurora',
      'aurora-',
      '-aurora',
      'aurora\n',
      "a' or '1",
      'a'.repeat(41),
    ];
    await fc.assert(
      fc.asyncProperty(
        fc
          .oneof(fc.constantFrom(...examples), fc.string())
          .filter(text => !wellFormed.test(text) || text.length > 40),
        async text => {
          await expect(
            unreachable.inTenant(text, async () => 1),
          ).rejects.toThrow(InputError);
        },
      ),
    );
    await unreachable.close();
  });

  describe('as a service', () => {
    let backend: TestBackend | undefined;
    afterEach(async () => {
      await backend?.stop();
      backend = undefined;
    });

    async function start(data: JsonObject): Promise<PorticoDatabase> {
      return new Promise((resolve, reject) => {
        const plugin = createBackendPlugin({
          pluginId: 'notes',
          register(env) {
            env.registerInit({
              deps: { database: porticoDatabaseServiceRef },
              async init({ database }) {
                resolve(database);
              },
            });
          },
        });
        startTestBackend({
          features: [plugin, mockServices.rootConfig.factory({ data })],
        }).then(started => {
          backend = started;
        }, reject);
      });
    }

    it('reads its connection from the configuration', async () => {
      const database: PorticoDatabase = await start(testDatabase.config);
      await expect(
        database.inTenant('aurora', transaction =>
          transaction(notes).pluck('text'),
        ),
      ).resolves.toEqual(['of aurora']);
    });

    it('says which key of the configuration is wrong', async () => {
      await expect(
        start({
          portico: {
            database: {
              connection: { host: 'x', database: 'x', user: 'x', port: 'many' },
            },
          },
        }),
      ).rejects.toThrow(
        /portico\.database\.connection\.port: .*portico\.database\.connection\.password: /s,
      );
    });
  });
});
