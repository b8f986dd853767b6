import { type PluginRoutes } from './Route';

export const auditRoutes: PluginRoutes = {
  pluginId: 'audit',
  routes: [
    { method: 'GET', path: '/entries', who: ['user'], listsMany: true },
    { method: 'GET', path: '/entries/:chain/:sequence', who: ['user'] },
    { method: 'GET', path: '/acts', who: ['user'] },
    { method: 'GET', path: '/chains', who: ['user'] },
    {
      method: 'GET',
      path: '/chains/:chain/proofs/consistency',
      who: ['user'],
    },
    { method: 'GET', path: '/chains/:chain/proofs/inclusion', who: ['user'] },
    { method: 'GET', path: '/checkpoints', who: ['user'] },
    { method: 'GET', path: '/checkpoints/:chain/latest', who: ['user'] },
    {
      method: 'GET',
      path: '/export',
      who: ['user'],
      records: ['audit.export.create'],
      staysOpen: true,
    },
    { method: 'GET', path: '/tail', who: ['user'], staysOpen: true },
    {
      method: 'POST',
      path: '/erasures',
      who: ['user'],
      records: ['audit.person.erase'],
    },
  ],
};
