import { jsonBody, type PluginRoutes } from './Route';

export const scaffolderRoutes: PluginRoutes = {
  pluginId: 'scaffolder',
  routes: [
    {
      method: 'GET',
      path: '/v2/templates/:namespace/:kind/:name/parameter-schema',
      who: ['user'],
    },
    { method: 'GET', path: '/v2/actions', who: ['user'] },
    { method: 'GET', path: '/v2/templating-extensions', who: ['user'] },
    { method: 'GET', path: '/v2/tasks', who: ['user'] },
    {
      method: 'POST',
      path: '/v2/tasks',
      who: ['user'],
      body: jsonBody(256),
      records: ['scaffolder.task.create'],
    },
    {
      method: 'GET',
      path: '/v2/tasks/:task',
      who: ['user'],
      hidesOthers: true,
    },
    {
      method: 'POST',
      path: '/v2/tasks/:task/cancel',
      who: ['user'],
      hidesOthers: true,
      records: ['scaffolder.task.cancel'],
    },
    {
      method: 'POST',
      path: '/v2/tasks/:task/retry',
      who: ['user'],
      hidesOthers: true,
      records: ['scaffolder.task.retry'],
    },
    {
      method: 'GET',
      path: '/v2/tasks/:task/events',
      who: ['user'],
      hidesOthers: true,
      // It waits for the next event, up to half a minute.
      staysOpen: true,
    },
    {
      method: 'GET',
      path: '/v2/tasks/:task/eventstream',
      who: ['user'],
      hidesOthers: true,
      staysOpen: true,
    },
    {
      method: 'POST',
      path: '/v2/dry-run',
      who: 'closed',
      why: 'It runs any text as a template inside of the portal.',
    },
    {
      method: 'POST',
      path: '/v2/autocomplete/:provider/:resource',
      who: 'closed',
      why: 'It calls other hosts for whoever asks, without a permission.',
    },
  ],
};
