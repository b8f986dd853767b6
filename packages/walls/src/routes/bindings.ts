import { type PluginRoutes } from './Route';

export const bindingsRoutes: PluginRoutes = {
  pluginId: 'bindings',
  routes: [
    { method: 'GET', path: '/systems', who: ['user'] },
    { method: 'GET', path: '/grants', who: ['user'] },

    { method: 'GET', path: '/tenants/:tenant/grants', who: ['user'] },
    {
      method: 'POST',
      path: '/tenants/:tenant/grants',
      who: ['user'],
      records: ['bindings.grant.add'],
    },
    {
      method: 'DELETE',
      path: '/tenants/:tenant/grants/:id',
      who: ['user'],
      records: ['bindings.grant.revoke'],
    },

    { method: 'GET', path: '/tenants/:tenant/credentials', who: ['user'] },
    {
      method: 'PUT',
      path: '/tenants/:tenant/credentials/:system',
      who: ['user'],
      records: ['bindings.credential.set'],
    },
    {
      method: 'DELETE',
      path: '/tenants/:tenant/credentials/:system',
      who: ['user'],
      records: ['bindings.credential.remove'],
    },
  ],
};
