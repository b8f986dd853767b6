import { migrate, type PorticoDatabase, rollback } from '@portico/database';
import { TestDatabase } from '@portico/database/testUtils';
import { auditMigrations } from '@portico/plugin-audit-backend';
import { pluginAuditContext } from '@portico/plugin-audit-node';
import { PERSONA_ISSUER } from '@portico/plugin-tenancy-common';
import { LocalSecretSealer } from '@portico/sealing';
import { type Knex } from 'knex';
import { z } from 'zod';
import { tenancyMigrations } from './migrations';
import { createTenancyService } from './service/createTenancyService';
import { ScimStore } from './scim/ScimStore';
import { DeviceRequestStore } from './service/DeviceRequestStore';
import { DirectoryStore } from './service/DirectoryStore';
import { GroupStore } from './service/GroupStore';
import { MachineTokenStore } from './service/MachineTokenStore';
import { MemberStore } from './service/MemberStore';
import { TenantStore } from './service/TenantStore';
import { WebhookStore } from './webhooks/WebhookStore';

const by = pluginAuditContext('test');

const schema = tenancyMigrations.schema;
const now = () => new Date();

jest.setTimeout(60_000);

describe('tenancyMigrations', () => {
  let testDatabase: TestDatabase;
  let tables: string[];

  beforeAll(async () => {
    testDatabase = await TestDatabase.create({
      migrations: [auditMigrations, tenancyMigrations],
    });
    const found = await read(
      `select tablename as name from pg_tables
        where schemaname = '${schema}' and tablename not like 'knex_%'
        order by tablename`,
    );
    tables = z
      .array(z.object({ name: z.string() }))
      .parse(found)
      .map(({ name }) => name);
  });
  afterAll(async () => {
    await testDatabase.destroy();
  });

  function read(sql: string): Promise<unknown[]> {
    return testDatabase.database.asPlatform('test', async transaction =>
      z.array(z.unknown()).parse((await transaction.raw(sql)).rows),
    );
  }

  it('binds every table by forced row security, with a policy for each role', async () => {
    const guards = await read(
      `select class.relname as name, class.relrowsecurity as enabled,
              class.relforcerowsecurity as forced,
              array(select policy.polname || ' ' || policy.polcmd::text || ' ' || role.rolname
                      || ' ' || pg_get_expr(policy.polqual, policy.polrelid)
                      || ' ' || pg_get_expr(policy.polwithcheck, policy.polrelid)
                      from pg_policy policy
                      join pg_roles role on role.oid = any(policy.polroles)
                     where policy.polrelid = class.oid order by 1) as policies,
              pg_get_userbyid(class.relowner) as owner
         from pg_class class
        where class.relnamespace = '${schema}'::regnamespace
          and class.relkind in ('r', 'p') and class.relname not like 'knex_%'
        order by class.relname`,
    );
    expect(guards).toHaveLength(19);
    const own = `(tenant = current_setting('portico.tenant'::text, true))`;
    for (const guard of guards) {
      expect(guard).toEqual({
        name: expect.any(String),
        enabled: true,
        forced: true,
        policies: [
          'platform * portico_platform true true',
          `tenant * portico_tenant ${own} ${own}`,
        ],
        owner: 'portico_owner',
      });
    }
  });

  it('gives rights to the two roles alone', async () => {
    const others = await read(
      `select table_name, grantee from information_schema.role_table_grants
        where table_schema = '${schema}'
          and grantee not in ('portico_owner', 'portico_tenant', 'portico_platform')`,
    );
    expect(others).toEqual([]);
    await expect(
      read(`select * from ${schema}.knex_migrations`),
    ).rejects.toThrow('permission denied');
  });

  describe('with the rows of two tenants', () => {
    beforeAll(async () => {
      const { database } = testDatabase;
      await fill(database, 'aurora');
      await fill(database, 'borealis');
    });

    function inTenant(
      tenant: string,
      fn: (transaction: Knex.Transaction) => Promise<unknown>,
    ) {
      return testDatabase.database.inTenant(tenant, fn);
    }

    async function count(table: string, where = 'true'): Promise<number> {
      const [row] = await read(
        `select count(*)::integer as count from ${schema}.${table} where ${where}`,
      );
      return z.object({ count: z.number() }).parse(row).count;
    }

    it('shows, changes and deletes rows of the own tenant only, in every table', async () => {
      for (const table of tables) {
        const foreign = await count(table, `tenant = 'borealis'`);
        // Otherwise the test would show nothing about this table.
        expect(`${table}: ${foreign > 0}`).toBe(`${table}: true`);
        await inTenant('aurora', async transaction => {
          const { rows } = await transaction.raw(
            `select distinct tenant from ${schema}.${table}`,
          );
          expect(rows).toEqual([{ tenant: 'aurora' }]);
        });
        const statements = [
          `delete from ${schema}.${table} where tenant = 'borealis'`,
          `update ${schema}.${table} set tenant = tenant where tenant = 'borealis'`,
        ];
        for (const statement of statements) {
          // Some tables may not be written by a tenant at all.
          const outcome = await inTenant('aurora', transaction =>
            transaction.raw(statement),
          ).then(() => 'nothing changed', String);
          expect(outcome).toMatch(
            /^nothing changed$|permission denied for table/,
          );
        }
        expect(await count(table, `tenant = 'borealis'`)).toBe(foreign);
      }
    });

    it('refuses to hand a row to another tenant, in every table', async () => {
      for (const table of tables) {
        await expect(
          inTenant('aurora', transaction =>
            transaction.raw(
              `insert into ${schema}.${table} overriding system value
               select (jsonb_populate_record(row_of, '{"tenant": "borealis"}')).*
                 from ${schema}.${table} row_of limit 1`,
            ),
          ),
        ).rejects.toThrow(
          /violates row-level security policy|permission denied for table/,
        );
        await expect(
          inTenant('aurora', transaction =>
            transaction.raw(
              `update ${schema}.${table} set tenant = 'borealis'`,
            ),
          ),
        ).rejects.toThrow(
          /violates row-level security policy|permission denied for table/,
        );
      }
    });

    it('keeps foreign refs and platform roles out of a tenant, whatever writes', async () => {
      await expect(
        inTenant('aurora', transaction =>
          transaction.raw(
            `insert into ${schema}.source_documents (tenant, source, entity_ref, file, line, entity)
             values ('aurora', 'shop', 'component:borealis/x', 'f', 1, '{}')`,
          ),
        ),
      ).rejects.toThrow('source_documents_check');
      await expect(
        inTenant('aurora', transaction =>
          transaction.raw(
            `update ${schema}.members set roles = '{platform-admin}'`,
          ),
        ),
      ).rejects.toThrow('members_check');
    });

    it('finds what each request asks for by an index', async () => {
      const plans = [
        `select * from ${schema}.sessions
          where tenant = 'aurora' and member = 'kim' and issued_at = 1`,
        `select * from ${schema}.members where tenant = 'aurora' and name = 'kim'`,
        `select * from ${schema}.group_memberships
          where tenant = 'aurora' and member = 'kim'`,
        `select * from ${schema}.machine_tokens where tenant = 'aurora' and id = '1'`,
        `select * from ${schema}.webhook_secrets where tenant = 'aurora' and source = '1'`,
      ];
      for (const query of plans) {
        const text = await inTenant('aurora', async transaction => {
          // The tables of a test are so small that a scan would be cheaper.
          await transaction.raw('set local enable_seqscan = off');
          const { rows } = await transaction.raw(`explain ${query}`);
          return JSON.stringify(rows);
        });
        expect(text).toMatch(/Index Cond: .*tenant/);
        expect(text).not.toContain('Seq Scan');
      }
    });

    it('goes back and forth with rows in its tables', async () => {
      const connection = testDatabase.connectionString('migrator');
      await rollback({ connection, migrations: tenancyMigrations });
      await expect(count('tenants')).rejects.toThrow('does not exist');
      await migrate({ connection, migrations: [tenancyMigrations] });
      expect(await read(`select tenant, title from ${schema}.tenants`)).toEqual(
        [{ tenant: 'default', title: 'Platform' }],
      );
    });
  });
});

/** Puts a row of the tenant into every table. */
async function fill(database: PorticoDatabase, tenant: string): Promise<void> {
  const stores = { database, now };
  const { sessions, sources } = createTenancyService(stores);
  const webhooks = new WebhookStore({
    ...stores,
    sealer: new LocalSecretSealer({ secrets: ['key'], purpose: 'test' }),
  });
  const devices = new DeviceRequestStore(stores);
  await new TenantStore(stores).create({ id: tenant, title: tenant }, by);
  await new GroupStore(stores).put({
    by,
    tenant,
    name: 'shop',
    group: { displayName: 'Shop' },
  });
  await new MemberStore(stores).put({
    by,
    tenant,
    name: 'kim',
    member: {
      displayName: 'Kim',
      roles: ['tenant-admin'],
      groups: ['shop'],
      identity: { issuer: PERSONA_ISSUER, subject: `user:${tenant}/kim` },
    },
  });
  await sessions.start({
    by,
    userRef: `user:${tenant}/kim`,
    issuedAt: 1,
    expiresAt: 2 ** 40,
    method: 'persona',
  });
  await new MachineTokenStore(stores).create({
    by,
    tenant,
    token: { name: 'ci', scopes: ['git:read'] },
    createdBy: `user:${tenant}/kim`,
  });
  const directories = new DirectoryStore(stores);
  const scim = new ScimStore(stores);
  await directories.connect({
    by,
    tenant,
    kind: 'scim',
    directory: { issuer: 'https://id.example.org' },
  });
  const { token } = await directories.createToken({
    by,
    tenant,
    token: {},
    createdBy: `user:${tenant}/kim`,
  });
  const caller = {
    ...(await directories.authenticate({ by, tenant, token })),
    address: 'https://portal.example.org/scim',
  };
  const { id } = await scim.createUser(caller, {
    userName: 'dana',
    externalId: 'dana',
  });
  await scim.createGroup(caller, {
    displayName: 'Team',
    members: [{ value: id }],
  });
  const { userCode } = await devices.start('test');
  await devices.approve({
    by,
    userCode,
    userRef: `user:${tenant}/kim`,
    membershipVersion: 1,
  });
  await sources.register({
    by,
    tenant,
    name: 'shop',
    location: {
      kind: 'repository',
      repository: 'shop',
      branch: 'main',
      path: 'catalog-info.yaml',
    },
    registeredBy: `user:${tenant}/kim`,
  });
  await sources.recordScan({
    tenant,
    source: 'shop',
    revision: '1',
    entities: [
      {
        entity: {
          apiVersion: 'backstage.io/v1alpha1',
          kind: 'Component',
          metadata: { namespace: tenant, name: 'shop' },
        },
        file: 'catalog-info.yaml',
        line: 1,
      },
    ],
    refusals: [{ file: 'other.yaml', reason: 'no YAML' }],
  });
  await webhooks.createSecret({ tenant, source: 'shop' }, by);
  await webhooks.remember({ tenant, source: 'shop' }, { id: '1' }, by);
}
