import { type PluginRoutes } from './Route';

const promotion = '/promotions/:id';

export const promotionsRoutes: PluginRoutes = {
  pluginId: 'promotions',
  routes: [
    { method: 'GET', path: '/releases', who: ['user'] },
    {
      method: 'POST',
      path: '/releases',
      who: ['user'],
      records: ['promotions.release.announce'],
    },
    { method: 'GET', path: '/releases/:id', who: ['user'] },
    {
      method: 'POST',
      path: '/releases/:id/reject',
      who: ['user'],
      records: ['promotions.release.reject'],
    },

    { method: 'GET', path: '/delivery', who: ['user'] },
    { method: 'GET', path: '/board', who: ['user'] },
    { method: 'GET', path: '/deployments', who: ['user'] },
    { method: 'GET', path: '/diff', who: ['user'] },
    { method: 'GET', path: '/figures', who: ['user'] },

    { method: 'GET', path: '/promotions', who: ['user'] },
    {
      method: 'POST',
      path: '/promotions',
      who: ['user'],
      records: ['promotions.promotion.request'],
    },
    { method: 'GET', path: promotion, who: ['user'] },
    { method: 'GET', path: `${promotion}/diff`, who: ['user'] },
    {
      method: 'POST',
      path: `${promotion}/votes`,
      who: ['user'],
      records: ['promotions.vote.cast'],
    },
    {
      method: 'POST',
      path: `${promotion}/cancel`,
      who: ['user'],
      records: ['promotions.promotion.cancel'],
    },
    {
      method: 'POST',
      path: `${promotion}/break-glass`,
      who: ['user'],
      records: ['promotions.override.request'],
    },
    {
      method: 'POST',
      path: `${promotion}/break-glass/confirm`,
      who: ['user'],
      records: ['promotions.override.confirm'],
    },
    {
      method: 'POST',
      path: `${promotion}/break-glass/review`,
      who: ['user'],
      records: ['promotions.override.review'],
    },
    { method: 'GET', path: `${promotion}/rollout`, who: ['user'] },
    {
      method: 'POST',
      path: `${promotion}/rollout`,
      who: ['user'],
      records: ['promotions.rollout.ask'],
    },

    { method: 'GET', path: '/windows', who: ['user'] },
    {
      method: 'POST',
      path: '/stops',
      who: ['user'],
      records: ['promotions.stop.set'],
    },
    {
      method: 'POST',
      path: '/stops/:id/lift',
      who: ['user'],
      records: ['promotions.stop.lift'],
    },
    {
      method: 'POST',
      path: '/holds',
      who: ['user'],
      records: ['promotions.hold.set'],
    },
    {
      method: 'POST',
      path: '/holds/release',
      who: ['user'],
      records: ['promotions.hold.release'],
    },

    { method: 'GET', path: '/drift', who: ['user'] },
    {
      method: 'POST',
      path: '/drift/:id/mute',
      who: ['user'],
      records: ['promotions.drift.mute'],
    },

    { method: 'GET', path: '/events', who: ['user'], staysOpen: true },
  ],
};
