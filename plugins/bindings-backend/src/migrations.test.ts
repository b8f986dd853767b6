import { migrate, rollback } from '@portico/database';
import { TestDatabase } from '@portico/database/testUtils';
import { type Knex } from 'knex';
import { Client } from 'pg';
import { migrations } from './__testUtils__/BindingsPortal';
import { bindingsMigrations } from './migrations';

jest.setTimeout(60_000);

const schema = bindingsMigrations.schema;

describe('bindingsMigrations', () => {
  let testDatabase: TestDatabase;

  beforeAll(async () => {
    testDatabase = await TestDatabase.create({ migrations });
    const admin = new Client(testDatabase.adminConnectionString);
    await admin.connect();
    await admin.query(`
      insert into portico_tenancy.tenants (tenant, title)
        values ('aurora', 'A'), ('aurora-two', 'T'), ('borealis', 'B');
      insert into ${schema}.grants
          (tenant, kind, system, resource, shared, granted_by, granted_at)
        select tenant, 'jira-project', 'jira', upper(replace(tenant, '-', '')), false, 'x', now()
          from portico_tenancy.tenants;
      insert into ${schema}.credentials
          (tenant, system, field, key_id, sealed, set_by, set_at)
        select tenant, 'jira', 'token', 'k', '\\x00', 'x', now()
          from portico_tenancy.tenants;`);
    await admin.end();
  });
  afterAll(async () => {
    await testDatabase.destroy();
  });

  const inAurora = <T>(fn: (transaction: Knex.Transaction) => Promise<T>) =>
    testDatabase.database.inTenant('aurora', fn);

  it('binds both tables by forced row security', async () => {
    const { rows } = await testDatabase.database.asPlatform(
      'test',
      transaction =>
        transaction.raw(
          `select relname as name, relrowsecurity and relforcerowsecurity as forced,
                  pg_get_userbyid(relowner) as owner,
                  (select count(*)::int from pg_policy where polrelid = c.oid) as policies
             from pg_class c where relnamespace = '${schema}'::regnamespace
              and relkind = 'r' and relname not like 'knex_%' order by relname`,
        ),
    );
    expect(rows).toEqual(
      ['credentials', 'grants'].map(name => ({
        name,
        forced: true,
        owner: 'portico_owner',
        policies: 2,
      })),
    );
  });

  it.each(['grants', 'credentials'])(
    'shows a tenant its own rows of %s only, also by counting and by key',
    async table => {
      const { rows } = await inAurora(transaction =>
        transaction.raw(`select tenant from ${schema}.${table}`),
      );
      expect(rows).toEqual([{ tenant: 'aurora' }]);
      const counted = await inAurora(transaction =>
        transaction.raw(
          `select count(*)::int as n from ${schema}.${table} where tenant <> 'aurora'`,
        ),
      );
      expect(counted.rows).toEqual([{ n: 0 }]);
    },
  );

  it.each([
    `insert into ${schema}.grants (tenant, kind, system, resource, shared, granted_by, granted_at)
       values ('aurora', 'jira-project', 'jira', 'MORE', false, 'x', now())`,
    `update ${schema}.grants set resource = 'MORE'`,
    `delete from ${schema}.grants`,
    `insert into ${schema}.credentials (tenant, system, field, key_id, sealed, set_by, set_at)
       values ('borealis', 'jira', 'username', 'k', '\\x00', 'x', now())`,
    `update ${schema}.credentials set tenant = 'borealis', system = 'other'`,
    `truncate ${schema}.credentials`,
  ])('refuses a tenant to %s', async statement => {
    await expect(
      inAurora(transaction => transaction.raw(statement)),
    ).rejects.toThrow(/permission denied|row-level security/);
  });

  it('changes no row of another tenant', async () => {
    const changed = await inAurora(transaction =>
      transaction.raw(
        `with gone as (delete from ${schema}.credentials where tenant <> 'aurora' returning 1),
              changed as (update ${schema}.credentials set key_id = 'stolen'
                           where tenant <> 'aurora' returning 1)
         select (select count(*) from gone) + (select count(*) from changed) as n`,
      ),
    );
    expect(changed.rows).toEqual([{ n: '0' }]);
  });

  it('refuses the platform to change what was granted', async () => {
    await expect(
      testDatabase.database.asPlatform('test', transaction =>
        transaction.raw(`update ${schema}.grants set tenant = 'borealis'`),
      ),
    ).rejects.toThrow('permission denied');
  });

  it.each(['app', 'stock', 'jobs'] as const)(
    'shows nothing to the login %s without a role',
    async login => {
      const client = new Client(testDatabase.connectionString(login));
      await client.connect();
      try {
        for (const table of ['grants', 'credentials']) {
          await expect(
            client.query(`select * from ${schema}.${table}`),
          ).rejects.toThrow('permission denied');
        }
      } finally {
        await client.end();
      }
    },
  );

  it.each(['stock', 'jobs'] as const)(
    'does not let the login %s take a role',
    async login => {
      const client = new Client(testDatabase.connectionString(login));
      await client.connect();
      try {
        for (const role of ['portico_tenant', 'portico_platform']) {
          await expect(client.query(`set role ${role}`)).rejects.toThrow(
            'permission denied',
          );
        }
      } finally {
        await client.end();
      }
    },
  );

  it('can be taken back and made again', async () => {
    const connection = testDatabase.connectionString('migrator');
    await rollback({ connection, migrations: bindingsMigrations });
    await migrate({ connection, migrations: [bindingsMigrations] });
    const { rows } = await inAurora(transaction =>
      transaction.raw(`select * from ${schema}.grants`),
    );
    expect(rows).toEqual([]);
  });
});
