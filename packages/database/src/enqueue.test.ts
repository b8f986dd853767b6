import { type JsonObject } from '@backstage/types';
import { run } from 'graphile-worker';
import { Client, Pool } from 'pg';
import { notesMigrations } from './__fixtures__/notesMigrations';
import { enqueue } from './enqueue';
import { TestDatabase } from './testUtils';

// The database takes its time on a busy machine.
jest.setTimeout(60_000);

describe('enqueue', () => {
  let testDatabase: TestDatabase;
  let admin: Client;

  beforeAll(async () => {
    testDatabase = await TestDatabase.create({ migrations: [notesMigrations] });
    admin = new Client({
      connectionString: testDatabase.adminConnectionString,
    });
    await admin.connect();
  });
  afterAll(async () => {
    await admin?.end();
    await testDatabase?.destroy();
  });

  async function waitingJobs(): Promise<number> {
    const { rows } = await admin.query<{ count: string }>(
      'select count(*) from graphile_worker.jobs',
    );
    return Number(rows[0].count);
  }

  it('leaves no job when the transaction fails', async () => {
    await expect(
      testDatabase.database.inTenant('aurora', async transaction => {
        await enqueue(transaction, 'notes.print', { note: 1 });
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    await expect(waitingJobs()).resolves.toBe(0);
  });

  it('hands the job to a worker with the tenant of the transaction', async () => {
    const id = await testDatabase.database.inTenant('aurora', transaction =>
      // a tenant in the payload is overwritten: nobody speaks for another tenant
      enqueue(transaction, 'notes.print', { note: 2, tenant: 'borealis' }),
    );
    const pool = new Pool({
      connectionString: testDatabase.connectionString('jobs'),
    });
    pool.on('error', () => {});
    pool.on('connect', client => client.on('error', () => {}));
    let finish: (job: { id: string; payload: JsonObject }) => void;
    const finished = new Promise<{ id: string; payload: JsonObject }>(
      resolve => {
        finish = resolve;
      },
    );
    const runner = await run({
      pgPool: pool,
      noHandleSignals: true,
      crontab: '',
      taskList: {
        'notes.print': async (payload, helpers) =>
          finish({ id: helpers.job.id, payload: payload as JsonObject }),
      },
    });
    try {
      await expect(finished).resolves.toEqual({
        id,
        payload: { note: 2, tenant: 'aurora' },
      });
    } finally {
      await runner.stop();
      await pool.end();
    }
    await expect(waitingJobs()).resolves.toBe(0);
  });

  it('lets a newer job take the place of one with the same key and tenant', async () => {
    const key = { key: 'note 3' };
    const later = new Date('2100-01-01T00:00:00Z');
    const put = (tenant: string, task: string, note: number, options = key) =>
      testDatabase.database.inTenant(tenant, transaction =>
        enqueue(transaction, task, { note }, { runAt: later, ...options }),
      );
    await put('aurora', 'notes.print', 1);
    await put('borealis', 'notes.print', 2);
    await put('aurora', 'notes.print', 3);
    await put('aurora', 'notes.print', 4, { key: 'note 4' });
    const { rows } = await admin.query(
      `select payload, run_at from graphile_worker._private_jobs order by payload ->> 'note'`,
    );
    await admin.query('delete from graphile_worker._private_jobs');
    expect(rows).toEqual([
      { payload: { note: 2, tenant: 'borealis' }, run_at: later },
      { payload: { note: 3, tenant: 'aurora' }, run_at: later },
      { payload: { note: 4, tenant: 'aurora' }, run_at: later },
    ]);
  });

  it('refuses a task that no plugin announced', async () => {
    await expect(
      testDatabase.database.inTenant('aurora', transaction =>
        enqueue(transaction, 'shell.run', {}),
      ),
    ).rejects.toThrow('The task "shell.run" is not on the list of known tasks');
  });

  it('refuses a job without a tenant, and a way around the function', async () => {
    await expect(
      testDatabase.database.asPlatform('try to enqueue', transaction =>
        enqueue(transaction, 'notes.print', {}),
      ),
    ).rejects.toThrow('permission denied for schema portico_jobs');
    await expect(
      testDatabase.database.inTenant('aurora', transaction =>
        transaction.raw(`select graphile_worker.add_job('notes.print')`),
      ),
    ).rejects.toThrow('permission denied for schema graphile_worker');
    await expect(
      testDatabase.database.inTenant('aurora', transaction =>
        transaction.raw(`insert into portico_jobs.tasks values ('shell.run')`),
      ),
    ).rejects.toThrow('permission denied for table tasks');
    await expect(
      testDatabase.database.inTenant('aurora', async transaction => {
        await transaction.raw(`select set_config('portico.tenant', '', true)`);
        await enqueue(transaction, 'notes.print', {});
      }),
    ).rejects.toThrow('A job needs a tenant');
  });
});
