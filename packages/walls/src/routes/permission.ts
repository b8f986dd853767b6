import { jsonBody, type PluginRoutes, READS } from './Route';

export const permissionRoutes: PluginRoutes = {
  pluginId: 'permission',
  routes: [
    {
      method: 'POST',
      path: '/authorize',
      who: ['user'],
      body: jsonBody(256),
      unrecorded: READS,
    },
    {
      method: 'GET',
      path: '/health',
      who: 'closed',
      why: 'The portal has one health address for all of its parts.',
    },
  ],
};
