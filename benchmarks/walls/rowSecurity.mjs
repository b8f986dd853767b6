// Workload 9: our own stores, as shipped, against a copy of the database whose tables have
// no row-level security; both filter by tenant in the query. Once through the same
// transaction with role and tenant, and once without any transaction.
import { porticoSecrets } from './backends.mjs';
import { SWEEP_TENANT } from './dataSet.mjs';
import { takeTurns } from './figures.mjs';
import { load } from './load.mjs';
import { withDatabase } from './postgres.mjs';

const knexFactory = load('knex');
const { Pool } = load('pg');
const { createPorticoDatabase } = load(
  '../../packages/database/src/createPorticoDatabase.ts',
);
const service = '../../plugins/tenancy-backend/src/service';
const { SessionStore } = load(`${service}/SessionStore.ts`);
const { MemberStore } = load(`${service}/MemberStore.ts`);
const { GroupStore } = load(`${service}/GroupStore.ts`);

const COPY = 'portico_without_row_security';

/** To be called while nothing is connected to Portico's database. */
export async function copyWithoutRowSecurity(postgres) {
  await withDatabase(postgres, 'postgres', async client => {
    await client.query(`drop database if exists ${COPY} with (force)`);
    await client.query(`create database ${COPY} template portico`);
    await client.query(`grant connect on database ${COPY} to portico_app`);
  });
  await withDatabase(postgres, COPY, async client => {
    const { rows } = await client.query(
      `select format('%I.%I', n.nspname, c.relname) as name from pg_class c
         join pg_namespace n on n.oid = c.relnamespace where c.relrowsecurity`,
    );
    for (const { name } of rows) {
      await client.query(`alter table ${name} no force row level security`);
      await client.query(`alter table ${name} disable row level security`);
      await client.query(`grant select on ${name} to portico_app`);
    }
    await client.query('grant usage on schema portico_tenancy to portico_app');
    await client.query('analyze');
  });
}

export async function rowSecurity(context) {
  const { figures, rounds, scale, postgres, dataSet } = context;
  const connection = database => ({
    host: postgres.host,
    port: postgres.port,
    database,
    user: 'portico_app',
    password: porticoSecrets.app,
  });
  const shipped = createPorticoDatabase({ connection: connection('portico') });
  const without = createPorticoDatabase({ connection: connection(COPY) });
  const pool = knexFactory({
    client: 'pg',
    connection: connection(COPY),
    pool: { min: 0, max: 10 },
  });
  const statements = new Pool({ ...connection(COPY), max: 4 });
  const bare = {
    inTenant: (_tenant, use) => use(pool),
    asPlatform: (_reason, use) => use(pool),
    statementAsPlatform: async statement =>
      (await statements.query(statement)).rows,
    close: () => Promise.all([pool.destroy(), statements.end()]),
  };
  const ways = {
    'row-level security (as shipped)': shipped,
    'the same transaction, no row-level security': without,
    'no transaction, no row-level security': bare,
  };
  const tenants = dataSet.tenants.filter(({ id }) => id !== SWEEP_TENANT);
  const now = Math.floor(Date.now() / 1000);
  for (const database of ['portico', COPY]) {
    await withDatabase(postgres, database, async client => {
      await client.query(
        `insert into portico_tenancy.sessions (tenant, member, issued_at, expires_at, method)
         select tenant, name, $1::bigint, $1::bigint + 100000, 'persona' from portico_tenancy.members on conflict do nothing`,
        [now],
      );
      await client.query('analyze portico_tenancy.sessions');
    });
  }
  const stores = database => {
    const options = { database, now: () => new Date() };
    return {
      sessions: new SessionStore(options),
      members: new MemberStore(options),
      groups: new GroupStore(options),
    };
  };
  const workloads = {
    'check of a session': ({ sessions }, tenant) =>
      sessions.check({ userRef: `user:${tenant}/reader`, issuedAt: now }),
    'list of members': ({ members }, tenant) => members.list(tenant),
    'list of groups': ({ groups }, tenant) => groups.list(tenant),
  };
  const made = Object.entries(ways).map(([way, database]) => [
    way,
    stores(database),
  ]);
  try {
    await checkRole(shipped);
    for (const [name, ask] of Object.entries(workloads)) {
      for (const { id } of tenants.slice(0, 5)) {
        const answers = [];
        for (const [, own] of made)
          answers.push(JSON.stringify(await ask(own, id)));
        if (new Set(answers).size !== 1)
          throw new Error(
            `${name}: the ways differ for ${id}: ${answers.join(' / ')}`,
          );
      }
    }
    for (let round = 0; round <= rounds; round++) {
      for (const clients of [1, 10]) {
        for (const [name, ask] of Object.entries(workloads)) {
          const measured = await takeTurns({
            ways: made.map(([way, own]) => ({
              way,
              work: index => ask(own, tenants[index % tenants.length].id),
            })),
            clients,
            seconds: scale(0.8, round),
          });
          const workload = `${name}, ${clients} at once`;
          for (const [way, times] of measured) {
            figures.add({ part: 'row-security', workload, way, round }, times);
          }
        }
      }
    }
  } finally {
    await Promise.all(Object.values(ways).map(database => database.close()));
  }
  const [as, same, none] = Object.keys(ways);
  figures.print('row-security', '9. Cost of row-level security', same);
  for (const clients of [1, 10]) {
    const name = `check of a session, ${clients} at once`;
    const ratio = figures.ratio('row-security', name, as, same, 'rate');
    const whole = figures.ratio('row-security', name, as, none, 'rate');
    figures.aim(
      `row-level security keeps ≥ 0.90 of throughput (${name})`,
      `${ratio.toFixed(2)}; against no transaction at all ${whole.toFixed(2)}`,
      ratio >= 0.9,
    );
  }
}

/** A measurement as owner or superuser would measure nothing. */
async function checkRole(database) {
  await database.inTenant('t001', async transaction => {
    const { rows } = await transaction.raw(
      `select current_user as role, (select rolsuper or rolbypassrls from pg_roles where rolname = current_user) as bypasses,
              bool_and(relforcerowsecurity) as forced
         from pg_class where relnamespace = 'portico_tenancy'::regnamespace and relname in ('sessions', 'members', 'groups', 'group_memberships')`,
    );
    const [{ role, bypasses, forced }] = rows;
    if (role !== 'portico_tenant' || bypasses || !forced) {
      throw new Error(`Row-level security is not forced on ${role}`);
    }
  });
}
