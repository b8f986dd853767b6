import { jsonBody, type PluginRoutes } from './Route';

export const apiTryOutRoutes: PluginRoutes = {
  pluginId: 'api-try-out',
  routes: [
    { method: 'GET', path: '/apis/:namespace/:name/servers', who: ['user'] },
    {
      method: 'POST',
      path: '/apis/:namespace/:name/requests',
      who: ['user'],
      // A body of 1 MiB, escaped in JSON
      body: jsonBody(2_100),
      records: ['api-try-out.request.send'],
    },
  ],
};
