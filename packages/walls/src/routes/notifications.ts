import { type PluginRoutes } from './Route';

const MESSAGE =
  'A plugin tells people of something, which is recorded where it happens.';
const TWICE = 'The same is served below /notifications.';

export const notificationsRoutes: PluginRoutes = {
  pluginId: 'notifications',
  routes: [
    { method: 'GET', path: '/notifications', who: ['user'] },
    { method: 'GET', path: '/notifications/:id', who: ['user'] },
    {
      method: 'POST',
      path: '/notifications/update',
      who: ['user'],
      unrecorded: 'It marks what a person has read, for that person alone.',
    },
    { method: 'GET', path: '/status', who: ['user'] },
    { method: 'GET', path: '/settings', who: ['user'] },
    {
      method: 'POST',
      path: '/settings',
      who: ['user'],
      unrecorded: 'It is a preference of one person, for that person alone.',
    },
    { method: 'GET', path: '/topics', who: ['user'] },
    // People are told things by plugins, never by each other.
    { method: 'POST', path: '/', who: ['service'], unrecorded: MESSAGE },
    {
      method: 'POST',
      path: '/notifications',
      who: ['service'],
      unrecorded: MESSAGE,
    },
    { method: 'GET', path: '/', who: 'closed', why: TWICE },
    { method: 'POST', path: '/update', who: 'closed', why: TWICE },
    { method: 'GET', path: '/:id', who: 'closed', why: TWICE },
  ],
};
