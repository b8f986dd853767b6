import {
  coreServices,
  createBackendModule,
  type DatabaseService,
} from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import { type Request, type RequestHandler, type Response } from 'express';
import Router from 'express-promise-router';
import { z } from 'zod';
import { renumberList, renumberStream } from './renumberAnswer';
import { type TaskEvent, TaskEventNumbers } from './TaskEventNumbers';

const taskSchema = z.guid();
const afterSchema = z.coerce.number().int().nonnegative();

/**
 * Numbers the events of scaffolder tasks by task, in answers, in streams and in the
 * `after` of a request: see {@link TaskEventNumbers}.
 *
 * A module of the scaffolder, so its router comes before that of the plugin, behind the
 * guard, and reads with the plugin's own login.
 */
export const taskEventsModule = createBackendModule({
  pluginId: 'scaffolder',
  moduleId: 'portico-task-events',
  register(reg) {
    reg.registerInit({
      deps: {
        database: coreServices.database,
        http: coreServices.httpRouter,
      },
      async init({ database, http }) {
        const renumberWith =
          (
            renumber: (response: Response, numbers: TaskEventNumbers) => void,
          ): RequestHandler =>
          async (request, response) => {
            const numbers = new TaskEventNumbers(
              await readEvents(database, request.params.task),
            );
            translateAfter(request, numbers);
            renumber(response, numbers);
            return 'next';
          };
        const router = Router();
        router.get('/v2/tasks/:task/events', renumberWith(renumberList));
        router.get('/v2/tasks/:task/eventstream', renumberWith(renumberStream));
        http.use(router);
      },
    });
  },
});

async function readEvents(
  database: DatabaseService,
  task: string,
): Promise<TaskEvent[]> {
  if (!taskSchema.safeParse(task).success) {
    return [];
  }
  const client = await database.getClient();
  const rows = await client<{
    id: string;
    task_id: string;
    event_type: string;
  }>('task_events')
    .where({ task_id: task })
    .orderBy('id')
    .select('id', 'event_type');
  return rows.map(({ id, event_type: type }) => ({ id: Number(id), type }));
}

function translateAfter(request: Request, numbers: TaskEventNumbers) {
  const { after } = request.query;
  if (after === undefined) {
    return;
  }
  const number = afterSchema.safeParse(after);
  if (!number.success) {
    throw new InputError(
      'The parameter "after" is no number of an event: give a whole number from 0',
    );
  }
  request.query.after = String(numbers.idUpTo(number.data));
}
