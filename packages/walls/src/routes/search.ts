import { type PluginRoutes } from './Route';

export const searchRoutes: PluginRoutes = {
  pluginId: 'search',
  routes: [{ method: 'GET', path: '/query', who: ['user'], listsMany: true }],
};
