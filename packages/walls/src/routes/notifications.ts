import { type PluginRoutes } from './Route';

const TWICE = 'The same is served below /notifications.';

export const notificationsRoutes: PluginRoutes = {
  pluginId: 'notifications',
  routes: [
    { method: 'GET', path: '/notifications', who: ['user'] },
    { method: 'GET', path: '/notifications/:id', who: ['user'] },
    { method: 'POST', path: '/notifications/update', who: ['user'] },
    { method: 'GET', path: '/status', who: ['user'] },
    { method: 'GET', path: '/settings', who: ['user'] },
    { method: 'POST', path: '/settings', who: ['user'] },
    { method: 'GET', path: '/topics', who: ['user'] },
    // People are told things by plugins, never by each other.
    { method: 'POST', path: '/', who: ['service'] },
    { method: 'POST', path: '/notifications', who: ['service'] },
    { method: 'GET', path: '/', who: 'closed', why: TWICE },
    { method: 'POST', path: '/update', who: 'closed', why: TWICE },
    { method: 'GET', path: '/:id', who: 'closed', why: TWICE },
  ],
};
