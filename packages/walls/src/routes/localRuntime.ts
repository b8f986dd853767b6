import { type PluginRoutes, READS } from './Route';

const entity = '/entities/:kind/:namespace/:name';
const environment = `${entity}/environments/:environment`;

export const localRuntimeRoutes: PluginRoutes = {
  pluginId: 'local-runtime',
  routes: [
    { method: 'GET', path: '/state', who: ['user'] },
    { method: 'POST', path: '/status', who: ['user'], unrecorded: READS },
    { method: 'GET', path: `${entity}/status`, who: ['user'] },
    { method: 'GET', path: `${entity}/runs`, who: ['user'] },
    { method: 'GET', path: `${entity}/runs/:id`, who: ['user'] },
    { method: 'GET', path: `${entity}/runs/:id/log`, who: ['user'] },
    {
      method: 'POST',
      path: `${entity}/runs/:id/repeat`,
      who: ['user'],
      records: ['local-runtime.run.repeat'],
    },
    { method: 'GET', path: `${environment}/log`, who: ['user'] },
    { method: 'GET', path: `${environment}/metrics`, who: ['user'] },
    {
      method: 'POST',
      path: `${environment}/wake`,
      who: ['user'],
      records: ['local-runtime.service.wake'],
    },
    {
      method: 'POST',
      path: `${environment}/restart`,
      who: ['user'],
      records: ['local-runtime.service.restart'],
    },
  ],
};
