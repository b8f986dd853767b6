import { jsonBody, type PluginRoutes } from './Route';

export const permissionRoutes: PluginRoutes = {
  pluginId: 'permission',
  routes: [
    {
      method: 'POST',
      path: '/authorize',
      who: ['user'],
      body: jsonBody(256),
    },
    {
      method: 'GET',
      path: '/health',
      who: 'closed',
      why: 'The portal has one health address for all of its parts.',
    },
  ],
};
