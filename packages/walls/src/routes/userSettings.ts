import { jsonBody, type PluginRoutes, READS } from './Route';

const PREFERENCE = 'It is a preference of one person, for that person alone.';

export const userSettingsRoutes: PluginRoutes = {
  pluginId: 'user-settings',
  routes: [
    { method: 'POST', path: '/multiget', who: ['user'], unrecorded: READS },
    { method: 'GET', path: '/buckets/:bucket/keys/*', who: ['user'] },
    {
      method: 'PUT',
      path: '/buckets/:bucket/keys/*',
      who: ['user'],
      body: jsonBody(128),
      unrecorded: PREFERENCE,
    },
    {
      method: 'DELETE',
      path: '/buckets/:bucket/keys/*',
      who: ['user'],
      unrecorded: PREFERENCE,
    },
  ],
};
