import { type PluginRoutes } from './Route';

export const operationRoutes: PluginRoutes = {
  pluginId: 'operation',
  routes: [{ method: 'GET', path: '/checks', who: ['user'] }],
};
