import { z } from 'zod';
import { type DemoThing, entityRefOf, formValues } from './organisations';
import { type PortalClient } from './PortalClient';
import { waitFor } from './waitFor';

/** Others run as well, and two cores may be busy with tests of what was made before. */
const TASK_LIMIT_MILLISECONDS = 300_000;
const POLL_MILLISECONDS = 250;
const LOG_LINES = 8;
/** Lines that say nothing about the reason. */
const NOISE = /^\s+at |^Skipping step |^Run completed /;

const taskSchema = z.object({
  id: z.string(),
  status: z.string(),
  spec: z
    .object({
      parameters: z.record(z.string(), z.unknown()).optional(),
    })
    .optional(),
});
type Task = z.infer<typeof taskSchema>;
const taskListSchema = z.object({ tasks: z.array(taskSchema) });
const createdTaskSchema = z.object({ id: z.string() });
const eventsSchema = z.array(
  z.object({ body: z.object({ message: z.string().optional() }) }),
);

/** The tasks that a person has begun, the newest first. */
export async function listTasks(client: PortalClient): Promise<Task[]> {
  const createdBy = encodeURIComponent(client.userRef);
  const { tasks } = await client.get(
    `/api/scaffolder/v2/tasks?createdBy=${createdBy}&order=desc:created_at&limit=100`,
    taskListSchema,
  );
  return tasks;
}

/**
 * Makes one thing by its golden path, unless the catalog has it.
 *
 * What an earlier run has begun is gone on with, so nothing is made twice.
 *
 * @param options.tasks - what `listTasks` says of the person of the client
 * @returns whether there was something to do
 * @throws Error with the end of the task's log when it failed
 */
export async function createThing(options: {
  client: PortalClient;
  tenant: string;
  thing: DemoThing;
  tasks: readonly Task[];
  signal: AbortSignal;
}): Promise<'created' | 'existing'> {
  const { client, tenant, thing, tasks, signal } = options;
  const id =
    (await findBegunTask(client, tenant, thing.name, tasks)) ??
    (await startTask(client, tenant, thing));
  if (id === undefined) {
    return 'existing';
  }
  const status = await waitFor(
    async () => {
      const task = await client.get(
        `/api/scaffolder/v2/tasks/${id}`,
        taskSchema,
      );
      return isRunning(task) ? undefined : task.status;
    },
    {
      what: `The end of the task ${id}`,
      limitMilliseconds: TASK_LIMIT_MILLISECONDS,
      pollMilliseconds: POLL_MILLISECONDS,
      signal,
    },
  );
  if (status !== 'completed') {
    const events = await client.get(
      `/api/scaffolder/v2/tasks/${id}/events`,
      eventsSchema,
    );
    const log = events
      .flatMap(({ body }) => body.message?.split('\n') ?? [])
      .filter(line => !NOISE.test(line));
    throw new Error(
      `The task ${id} ended as "${status}":\n${log
        .slice(-LOG_LINES)
        .join('\n')}`,
    );
  }
  return 'created';
}

function isRunning(task: { status: string }): boolean {
  return task.status === 'open' || task.status === 'processing';
}

/**
 * The task of an earlier run that has begun this thing: one that still runs, or one
 * that failed after it had made the repository, which is begun again and takes it over.
 */
async function findBegunTask(
  client: PortalClient,
  tenant: string,
  name: string,
  tasks: readonly Task[],
): Promise<string | undefined> {
  const begun = tasks.filter(task => task.spec?.parameters?.name === name);
  const [last] = begun;
  if (last === undefined || last.status === 'completed') {
    return undefined;
  }
  if (isRunning(last)) {
    return last.id;
  }
  const repository = await client.find(
    `/api/git-host/repositories/${tenant}/${name}`,
    z.unknown(),
  );
  if (repository === undefined) {
    return undefined;
  }
  await client.post(
    `/api/scaffolder/v2/tasks/${last.id}/retry`,
    {},
    z.unknown(),
  );
  return last.id;
}

/** @returns undefined where the catalog has it */
async function startTask(
  client: PortalClient,
  tenant: string,
  thing: DemoThing,
): Promise<string | undefined> {
  const path = entityRefOf(tenant, thing).replace(':', '/');
  const found = await client.find(
    `/api/catalog/entities/by-name/${path}`,
    z.unknown(),
  );
  if (found !== undefined) {
    return undefined;
  }
  const { id } = await client.post(
    '/api/scaffolder/v2/tasks',
    {
      templateRef: `template:default/${thing.template}`,
      values: formValues(tenant, thing),
    },
    createdTaskSchema,
  );
  return id;
}
