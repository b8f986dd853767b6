import { z } from 'zod';
import { type DemoComponent } from './organisations';
import { type PortalClient } from './PortalClient';
import { waitFor } from './waitFor';

const TEMPLATE_REF = 'template:default/typescript-service';
const TASK_LIMIT_MILLISECONDS = 120_000;
const POLL_MILLISECONDS = 250;
const LOG_LINES = 15;

const taskSchema = z.object({
  id: z.string(),
  status: z.string(),
  spec: z
    .object({
      parameters: z.record(z.string(), z.unknown()).optional(),
    })
    .optional(),
});
const taskListSchema = z.object({ tasks: z.array(taskSchema) });
const createdTaskSchema = z.object({ id: z.string() });
const eventsSchema = z.array(
  z.object({ body: z.object({ message: z.string().optional() }) }),
);

/**
 * Makes one component by the golden path, unless the catalog has it.
 *
 * A task of an earlier start that still runs is waited for, so that a start that was
 * killed half-way is gone on with.
 *
 * @returns whether there was something to do
 * @throws Error with the end of the task's log when it failed
 */
export async function createComponent(options: {
  client: PortalClient;
  tenant: string;
  component: DemoComponent;
  signal: AbortSignal;
}): Promise<'created' | 'existing'> {
  const { client, tenant, component, signal } = options;
  const found = await client.find(
    `/api/catalog/entities/by-name/component/${tenant}/${component.name}`,
    z.unknown(),
  );
  if (found !== undefined) {
    return 'existing';
  }

  const id =
    (await findRunningTask(client, component.name)) ??
    (await startTask(client, tenant, component));
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
    const log = events.flatMap(({ body }) => body.message ?? []);
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

async function findRunningTask(
  client: PortalClient,
  name: string,
): Promise<string | undefined> {
  const createdBy = encodeURIComponent(client.userRef);
  const { tasks } = await client.get(
    `/api/scaffolder/v2/tasks?createdBy=${createdBy}&status=open&status=processing`,
    taskListSchema,
  );
  return tasks.find(
    task => isRunning(task) && task.spec?.parameters?.name === name,
  )?.id;
}

async function startTask(
  client: PortalClient,
  tenant: string,
  component: DemoComponent,
): Promise<string> {
  const { owner, ...values } = component;
  const { id } = await client.post(
    '/api/scaffolder/v2/tasks',
    {
      templateRef: TEMPLATE_REF,
      values: { ...values, owner: `group:${tenant}/${owner}` },
    },
    createdTaskSchema,
  );
  return id;
}
