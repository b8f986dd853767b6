import { databaseServiceFactory } from '@backstage/backend-defaults/database';
import {
  coreServices,
  createBackendPlugin,
  type SchedulerService,
} from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { TestDatabase } from '@portico/database/testUtils';
import { type ProcessRole } from './processRole';
import { schedulerServiceFactory } from './schedulerServiceFactory';

jest.setTimeout(60_000);

/** One replica of a backend whose only plugin has a task that is done when it is told. */
async function startReplica(
  testDatabase: TestDatabase,
  role: ProcessRole,
  onRun: () => void,
) {
  let scheduler: SchedulerService | undefined;
  const backend = await startTestBackend({
    features: [
      mockServices.rootConfig.factory({
        data: {
          ...testDatabase.config,
          portico: { process: { role } },
          catalog: { processingInterval: role === 'web' ? false : undefined },
          scaffolder: { concurrentTasksLimit: role === 'web' ? 0 : undefined },
        },
      }),
      databaseServiceFactory,
      schedulerServiceFactory,
      createBackendPlugin({
        pluginId: 'chores',
        register(registration) {
          registration.registerInit({
            deps: { tasks: coreServices.scheduler },
            async init({ tasks }) {
              scheduler = tasks;
              await tasks
                .createScheduledTaskRunner({
                  frequency: { days: 1 },
                  timeout: { minutes: 1 },
                })
                .run({ id: 'sweep', fn: async () => onRun() });
            },
          });
        },
      }),
    ],
  });
  if (!scheduler) {
    throw new Error('The plugin did not start');
  }
  return { scheduler, stop: () => backend.stop() };
}

describe('schedulerServiceFactory', () => {
  let testDatabase: TestDatabase;
  beforeAll(async () => {
    testDatabase = await TestDatabase.create({ pluginIds: ['chores'] });
  });
  afterAll(() => testDatabase?.destroy());

  it('leaves tasks to workers', async () => {
    const ranInWeb = jest.fn();
    const web = await startReplica(testDatabase, 'web', ranInWeb);
    expect(await web.scheduler.getScheduledTasks()).toEqual([]);

    let onRun = () => {};
    const ran = new Promise<void>(resolve => {
      onRun = resolve;
    });
    const worker = await startReplica(testDatabase, 'worker', () => onRun());
    await ran;
    expect(ranInWeb).not.toHaveBeenCalled();
    // Whoever asks a web process about a task reaches the one that has it.
    await expect(web.scheduler.triggerTask('sweep')).resolves.toBeUndefined();
    await expect(web.scheduler.triggerTask('mop')).rejects.toThrow(/mop/);

    await web.stop();
    await worker.stop();
  });

  it('does not start a web process that would process the catalog', async () => {
    await expect(
      startTestBackend({
        features: [
          mockServices.rootConfig.factory({
            data: { portico: { process: { role: 'web' } } },
          }),
          schedulerServiceFactory,
          createBackendPlugin({
            pluginId: 'chores',
            register(registration) {
              registration.registerInit({
                deps: { tasks: coreServices.scheduler },
                async init() {},
              });
            },
          }),
        ],
      }),
    ).rejects.toThrow(
      'portico.process.role is web, so catalog.processingInterval has to be false: app-config.web.yaml says both',
    );
  });
});
