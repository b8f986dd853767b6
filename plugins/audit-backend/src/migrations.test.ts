import { migrate, rollback, type LoginRole } from '@portico/database';
import { appendAudit, recordAudit } from '@portico/plugin-audit-node';
import { AuditEngine, record } from './__testUtils__/AuditEngine';
import { auditEngineActs } from './auditActs';
import { auditMigrations } from './migrations';

jest.setTimeout(60_000);

const tables = [
  'chains',
  'checkpoints',
  'deliveries',
  'entries',
  'erased_commitments',
  'outbox',
  'personal_data',
  'prunings',
  'signing_keys',
  'tree_nodes',
];

describe('auditMigrations', () => {
  let engine: AuditEngine;
  beforeAll(async () => {
    engine = await AuditEngine.create();
    await engine.append(record());
    await engine.append(record({ chain: 'borealis' }));
    await engine.append(
      record({
        chain: 'aurora',
        context: { actor: { kind: 'person', ref: 'user:default/ops' } },
      }),
    );
    await engine.append(record({ chain: 'default' }));
    await engine.relayAll();
    await engine.asSuperuser(`
      insert into portico_audit.checkpoints select chain, 1, 'note', now() from portico_audit.chains;
      insert into portico_audit.deliveries (chain, destination, type, size, outcome, at)
        select chain, 'folder', 'file', 1, 'delivered', now() from portico_audit.chains;
      insert into portico_audit.tree_nodes
        select chain, 8, 0, sha256('x') from portico_audit.chains;
      insert into portico_audit.erased_commitments select chain, 'x' from portico_audit.chains;
      insert into portico_audit.prunings select chain, 256, sha256('x') from portico_audit.chains;
      insert into portico_audit.signing_keys (key, introduced_at) values ('k', now());
    `);
    // what waits
    await engine.append(record());
    await engine.append(record({ chain: 'borealis' }));
  });
  afterAll(() => engine?.destroy());

  /** One statement of a login in a role, in a transaction that is taken back. */
  async function as(
    login: LoginRole,
    role: string | undefined,
    sql: string,
    tenant = 'aurora',
  ) {
    return engine.withClient(
      engine.testDatabase.connectionString(login),
      async client => {
        await client.query('begin');
        await client.query(`select set_config('portico.tenant', $1, true)`, [
          tenant,
        ]);
        if (role) {
          await client.query(`set local role ${role}`);
        }
        return (await client.query(sql)).rows;
      },
    );
  }

  /** What the database says to each statement of a login in a role. */
  async function refusals(
    login: LoginRole,
    role: string | undefined,
    statements: string[],
  ): Promise<string[]> {
    return engine.withClient(
      engine.testDatabase.connectionString(login),
      async client => {
        const messages: string[] = [];
        await client.query('begin');
        await client.query(`set local portico.tenant = 'aurora'`);
        if (role) {
          await client.query(`set local role ${role}`);
        }
        for (const statement of statements) {
          await client.query('savepoint before');
          const message = await client.query(statement).then(
            () => `It was done: ${statement}`,
            error => String(error),
          );
          await client.query('rollback to before');
          messages.push(message);
        }
        return messages;
      },
    );
  }

  it('names every table in this test, each with forced row security', async () => {
    const { rows } = await engine.asSuperuser(
      `select relname from pg_class
        where relnamespace = 'portico_audit'::regnamespace and relkind = 'r'
          and relrowsecurity and relforcerowsecurity order by relname`,
    );
    expect(rows.map(({ relname }) => relname)).toEqual(tables);
    const { rows: all } = await engine.asSuperuser(
      `select count(*) from pg_class where relkind = 'r'
          and relnamespace = 'portico_audit'::regnamespace and relname not like 'knex%'`,
    );
    expect(all).toEqual([{ count: String(tables.length) }]);
  });

  describe.each([
    ['app', 'portico_tenant'],
    ['app', 'portico_platform'],
    ['app', undefined],
    ['stock', undefined],
    ['jobs', undefined],
  ] as const)('to the login %s in the role %s', (login, role) => {
    it.each(tables)('refuses to change, remove or empty %s', async table => {
      const { rows } = await engine.asSuperuser(
        `select attname, attidentity <> '' as is_identity from pg_attribute
          where attrelid = 'portico_audit.${table}'::regclass and attnum > 0 and not attisdropped`,
      );
      const statements = [
        ...rows.map(
          ({ attname, is_identity: isIdentity }) =>
            `update portico_audit.${table} set ${attname} = ${
              isIdentity ? 'default' : attname
            }`,
        ),
        `delete from portico_audit.${table}`,
        `truncate portico_audit.${table}`,
        `truncate portico_audit.${table} cascade`,
        `drop table portico_audit.${table}`,
        `alter table portico_audit.${table} no force row level security`,
        `create trigger t after insert on portico_audit.${table}
           execute function suppress_redundant_updates_trigger()`,
        `merge into portico_audit.${table} as t using (select 1) on true when matched then delete`,
      ];
      for (const message of await refusals(login, role, statements)) {
        expect(message).toMatch(/permission denied|must be owner/);
      }
    });
  });

  it('lets a tenant add to nothing but its own outbox', async () => {
    const insert = (table: string) =>
      as(
        'app',
        'portico_tenant',
        `insert into portico_audit.${table} overriding system value
           select * from portico_audit.${table}`,
      );
    for (const table of tables) {
      await expect(insert(table)).rejects.toThrow('permission denied');
    }
    const append = (chain: string, columns = '', values = '') =>
      as(
        'app',
        'portico_tenant',
        `insert into portico_audit.outbox (id, chain, occurred_at, draft${columns})
         overriding system value
         values (gen_random_uuid(), '${chain}', now(), '{}'${values})`,
      );
    await append('aurora');
    for (const chain of ['borealis', 'default']) {
      await expect(append(chain)).rejects.toThrow('row-level security');
    }
    // nobody steps in before those who wait, or names what cannot be a chain
    await expect(append('aurora', ', position', ', 1')).rejects.toThrow(
      'permission denied',
    );
    await expect(
      recordAudit(engine.database, record({ chain: 'no chain' })),
    ).rejects.toThrow();
    await expect(
      engine.database.inTenant('aurora', transaction =>
        appendAudit(transaction, record({ chain: 'borealis' })),
      ),
    ).rejects.toThrow('row-level security');
  });

  it('shows a tenant its own chain only, and none of the people of the platform', async () => {
    for (const table of tables.filter(name => name !== 'signing_keys')) {
      for (const tenant of ['aurora', 'borealis']) {
        const rows = await as(
          'app',
          'portico_tenant',
          `select distinct chain from portico_audit.${table}`,
          tenant,
        );
        expect(rows).toEqual([{ chain: tenant }]);
      }
    }
    await expect(
      as('app', 'portico_tenant', 'select draft from portico_audit.outbox'),
    ).rejects.toThrow('permission denied');
    const people = (tenant: string) =>
      as(
        'app',
        'portico_tenant',
        'select distinct person from portico_audit.personal_data',
        tenant,
      );
    await expect(people('aurora')).resolves.toEqual([
      { person: 'user:aurora/kim' },
    ]);
    // without a tenant there is nothing
    await expect(people('')).resolves.toEqual([]);
    for (const login of ['app', 'stock', 'jobs'] as const) {
      await expect(
        as(login, undefined, 'select * from portico_audit.entries'),
      ).rejects.toThrow('permission denied');
    }
  });

  it('lets the platform add, and change nothing by adding', async () => {
    await expect(
      as(
        'app',
        'portico_platform',
        `insert into portico_audit.checkpoints
           select * from portico_audit.checkpoints
           on conflict (chain, size) do update set note = 'other'`,
      ),
    ).rejects.toThrow('permission denied');
    await expect(
      as(
        'app',
        'portico_platform',
        `insert into portico_audit.entries select * from portico_audit.entries`,
      ),
    ).rejects.toThrow('duplicate key');
    for (const table of ['prunings', 'erased_commitments']) {
      await expect(
        as(
          'app',
          'portico_platform',
          `insert into portico_audit.${table} select * from portico_audit.${table}`,
        ),
      ).rejects.toThrow('permission denied');
    }
  });

  it('lets go of nothing that is not chained', async () => {
    const free = (role: string) =>
      as(
        'app',
        role,
        `select portico_audit.free_outbox(
           (select array_agg(position) from portico_audit.outbox)) as freed`,
      );
    await expect(free('portico_platform')).resolves.toEqual([{ freed: '0' }]);
    await expect(free('portico_tenant')).rejects.toThrow('permission denied');
    for (const call of [
      `prune('aurora', 256)`,
      `hold_chains()`,
      `is_recorded('aurora', 'x.y')`,
    ]) {
      await expect(
        as('app', 'portico_tenant', `select portico_audit.${call}`),
      ).rejects.toThrow('permission denied');
    }
    for (const login of ['stock', 'jobs'] as const) {
      await expect(
        as(
          login,
          undefined,
          `select portico_audit.erase_person('aurora', 'x')`,
        ),
      ).rejects.toThrow('permission denied');
    }
  });

  it('erases only what is recorded, of a person, in the own chain', async () => {
    const erase = (chain: string, person: string, role = 'portico_tenant') =>
      as(
        'app',
        role,
        `select portico_audit.erase_person('${chain}', '${person}')`,
      );
    const kim = 'user:aurora/kim';
    await expect(erase('borealis', kim)).rejects.toThrow('own chain');
    await expect(erase('aurora', 'address:192.0.2.1')).rejects.toThrow(
      'person',
    );
    await expect(erase('aurora', kim)).rejects.toThrow('not recorded');
    await expect(erase('aurora', kim, 'portico_platform')).rejects.toThrow(
      'not recorded',
    );
    // an erasure that another transaction recorded does not count
    await engine.append(
      record({
        act: auditEngineActs.erasePerson,
        context: { actor: { kind: 'plugin', ref: 'plugin:test' } },
      }),
    );
    await expect(erase('aurora', kim)).rejects.toThrow('not recorded');
  });

  it('goes down and up again with data in it', async () => {
    const connection = engine.testDatabase.connectionString('migrator');
    await rollback({ connection, migrations: auditMigrations });
    const { rows } = await engine.asSuperuser(
      `select relname from pg_class where relnamespace = 'portico_audit'::regnamespace
          and relname not like 'knex%'
       union all
       select proname from pg_proc where pronamespace = 'portico_audit'::regnamespace`,
    );
    expect(rows).toEqual([]);
    await migrate({ connection, migrations: [auditMigrations] });
    await engine.append(record());
    await engine.relayAll();
    expect(await engine.entries('aurora')).toHaveLength(1);
  });
});
