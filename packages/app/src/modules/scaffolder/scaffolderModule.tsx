import { lazy } from 'react';
import {
  coreExtensionData,
  createFrontendModule,
} from '@backstage/frontend-plugin-api';
import scaffolderPlugin from '@backstage/plugin-scaffolder/alpha';

const TemplatesSubPage = lazy(() =>
  import('./TemplatesSubPage').then(m => ({ default: m.TemplatesSubPage })),
);

const TasksSubPage = lazy(() =>
  import('./TasksSubPage').then(m => ({ default: m.TasksSubPage })),
);

/** The stock sub-page keeps the form of a template; its list is Portico's. */
const templatesSubPage = scaffolderPlugin
  .getExtension('sub-page:scaffolder/templates')
  .override({
    *factory(originalFactory) {
      const original = originalFactory();
      yield* original;
      yield coreExtensionData.reactElement(
        <TemplatesSubPage
          form={original.get(coreExtensionData.reactElement)}
        />,
      );
    },
  });

/** The stock sub-page keeps the list of tasks; the page of one is Portico's. */
const tasksSubPage = scaffolderPlugin
  .getExtension('sub-page:scaffolder/tasks')
  .override({
    *factory(originalFactory) {
      const original = originalFactory();
      yield* original;
      yield coreExtensionData.reactElement(
        <TasksSubPage list={original.get(coreExtensionData.reactElement)} />,
      );
    },
  });

/**
 * The stock cards of templates are links inside of buttons, and the stock log of a task
 * is rows without a table: no screen reader makes sense of them.
 */
export const scaffolderModule = createFrontendModule({
  pluginId: 'scaffolder',
  extensions: [templatesSubPage, tasksSubPage],
});
