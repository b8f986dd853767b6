import { jsonBody, type PluginRoutes } from './Route';

export const userSettingsRoutes: PluginRoutes = {
  pluginId: 'user-settings',
  routes: [
    { method: 'POST', path: '/multiget', who: ['user'] },
    { method: 'GET', path: '/buckets/:bucket/keys/*', who: ['user'] },
    {
      method: 'PUT',
      path: '/buckets/:bucket/keys/*',
      who: ['user'],
      body: jsonBody(128),
    },
    { method: 'DELETE', path: '/buckets/:bucket/keys/*', who: ['user'] },
  ],
};
