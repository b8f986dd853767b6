import { type ReactNode } from 'react';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import scaffolderPlugin from '@backstage/plugin-scaffolder/alpha';
import { useCurrentPath } from '../../useCurrentPath';
import { TaskPage } from './TaskPage';

/** The list of tasks, or the one that the address names. */
export function TasksSubPage(props: { list: ReactNode }) {
  const path = useCurrentPath();
  const createRoute = useRouteRef(scaffolderPlugin.routes.root);
  const tasksPath = `${createRoute?.() ?? '/create'}/tasks/`;
  const taskId = path.startsWith(tasksPath)
    ? path.slice(tasksPath.length).replace(/\/$/, '')
    : '';
  return taskId === '' ? (
    <>{props.list}</>
  ) : (
    <TaskPage key={taskId} taskId={taskId} />
  );
}
