import { type PluginRoutes } from './Route';

export const tenancyRoutes: PluginRoutes = {
  pluginId: 'tenancy',
  routes: [
    { method: 'GET', path: '/me', who: ['user'] },
    // Before sign-in; served only where personas are allowed
    { method: 'GET', path: '/personas', who: ['public'] },
    { method: 'DELETE', path: '/session', who: ['user'] },

    { method: 'GET', path: '/tenants', who: ['user'] },
    { method: 'POST', path: '/tenants', who: ['user'] },

    { method: 'GET', path: '/tenants/:tenant/sources', who: ['user'] },
    { method: 'PUT', path: '/tenants/:tenant/sources/:name', who: ['user'] },
    { method: 'DELETE', path: '/tenants/:tenant/sources/:name', who: ['user'] },
    {
      method: 'POST',
      path: '/tenants/:tenant/sources/:name/read',
      who: ['user'],
    },
    {
      method: 'GET',
      path: '/tenants/:tenant/sources/:name/refusals',
      who: ['user'],
    },
    { method: 'GET', path: '/tenants/:tenant/refusals', who: ['user'] },

    { method: 'GET', path: '/tenants/:tenant/members', who: ['user'] },
    { method: 'PUT', path: '/tenants/:tenant/members/:name', who: ['user'] },
    { method: 'DELETE', path: '/tenants/:tenant/members/:name', who: ['user'] },
    { method: 'GET', path: '/tenants/:tenant/groups', who: ['user'] },
    { method: 'PUT', path: '/tenants/:tenant/groups/:name', who: ['user'] },
    { method: 'DELETE', path: '/tenants/:tenant/groups/:name', who: ['user'] },

    { method: 'GET', path: '/tenants/:tenant/tokens', who: ['user'] },
    { method: 'POST', path: '/tenants/:tenant/tokens', who: ['user'] },
    { method: 'DELETE', path: '/tenants/:tenant/tokens/:id', who: ['user'] },

    // The signature covers the bytes as they come, so nobody parses them before.
    {
      method: 'POST',
      path: '/hooks/:tenant/:source',
      who: ['public'],
      body: { kind: 'raw' },
    },

    { method: 'POST', path: '/device/start', who: ['public'] },
    { method: 'GET', path: '/device/requests/:userCode', who: ['user'] },
    { method: 'POST', path: '/device/approve', who: ['user'] },
  ],
};
