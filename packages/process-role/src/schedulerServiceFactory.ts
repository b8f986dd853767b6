import { DefaultSchedulerService } from '@backstage/backend-defaults/scheduler';
import {
  coreServices,
  createServiceFactory,
  type SchedulerService,
  type SchedulerServiceTaskInvocationDefinition,
  type SchedulerServiceTaskScheduleDefinition,
} from '@backstage/backend-plugin-api';
import { metricsServiceRef } from '@backstage/backend-plugin-api/alpha';
import { requireOneRole, worksInBackground } from './processRole';

/** The stock scheduler, whose tasks run in processes that work in the background alone. */
export const schedulerServiceFactory = createServiceFactory({
  service: coreServices.scheduler,
  deps: {
    config: coreServices.rootConfig,
    database: coreServices.database,
    httpRouter: coreServices.httpRouter,
    logger: coreServices.logger,
    metrics: metricsServiceRef,
    pluginMetadata: coreServices.pluginMetadata,
    rootLifecycle: coreServices.rootLifecycle,
  },
  async factory({ config, ...services }) {
    requireOneRole(config);
    const scheduler = DefaultSchedulerService.create(services);
    return worksInBackground(config) ? scheduler : leaveTasks(scheduler);
  },
});

/** What is triggered or cancelled still reaches the process that has the task. */
function leaveTasks(scheduler: SchedulerService): SchedulerService {
  const scheduleTask = async (
    _task: SchedulerServiceTaskScheduleDefinition &
      SchedulerServiceTaskInvocationDefinition,
  ) => {};
  return {
    scheduleTask,
    createScheduledTaskRunner: schedule => ({
      run: task => scheduleTask({ ...task, ...schedule }),
    }),
    triggerTask: id => scheduler.triggerTask(id),
    cancelTask: id => scheduler.cancelTask(id),
    getScheduledTasks: () => scheduler.getScheduledTasks(),
  };
}
