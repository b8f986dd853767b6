import { mockServices } from '@backstage/backend-test-utils';
import { migrate } from '@portico/database';
import { TestDatabase } from '@portico/database/testUtils';
import { wallsMigrations } from '../migrations';
import { DatabaseHealth } from './DatabaseHealth';

jest.setTimeout(60_000);

describe('DatabaseHealth', () => {
  it('is ready from start to stop, while the database answers', async () => {
    const testDatabase = await TestDatabase.create();
    let now = 0;
    const hooks = { start: () => {}, stop: () => {} };
    const health = new DatabaseHealth({
      database: testDatabase.database,
      migrations: [wallsMigrations],
      now: () => now,
      lifecycle: mockServices.rootLifecycle.mock({
        addStartupHook: hook => {
          hooks.start = hook;
        },
        addBeforeShutdownHook: hook => {
          hooks.stop = hook;
        },
      }),
    });
    const readiness = async () => (await health.getReadiness()).status;
    expect(await readiness()).toBe(503);
    hooks.start();
    expect(await health.getReadiness()).toEqual({
      status: 503,
      payload: {
        status: 'error',
        message:
          'The database is not prepared for this version: the migrations of portico_walls are missing',
      },
    });
    await migrate({
      connection: testDatabase.connectionString('migrator'),
      migrations: [wallsMigrations],
    });
    now = 1000;
    expect(await readiness()).toBe(200);

    await testDatabase.destroy();
    now = 1999;
    expect(await readiness()).toBe(200);
    now = 2000;
    expect(await readiness()).toBe(503);
    expect((await health.getLiveness()).status).toBe(200);

    hooks.stop();
    expect((await health.getReadiness()).payload).toEqual({
      status: 'error',
      message: 'The backend is shutting down',
    });
  });
});
