import { type PluginRoutes } from './Route';
import { scimRoutes } from './scim';

export const tenancyRoutes: PluginRoutes = {
  pluginId: 'tenancy',
  routes: [
    { method: 'GET', path: '/me', who: ['user'] },
    // Before sign-in; served only where personas are allowed
    { method: 'GET', path: '/personas', who: ['public'] },
    {
      method: 'DELETE',
      path: '/session',
      who: ['user'],
      records: ['tenancy.session.end'],
    },
    { method: 'GET', path: '/sessions', who: ['user'] },
    {
      method: 'DELETE',
      path: '/sessions/:issuedAt',
      who: ['user'],
      records: ['tenancy.session.end'],
    },

    { method: 'GET', path: '/tenants', who: ['user'] },
    {
      method: 'POST',
      path: '/tenants',
      who: ['user'],
      records: ['tenancy.tenant.create'],
    },

    { method: 'GET', path: '/tenants/:tenant/sources', who: ['user'] },
    {
      method: 'PUT',
      path: '/tenants/:tenant/sources/:name',
      who: ['user'],
      records: [
        'tenancy.source.register',
        'tenancy.webhook.create',
        'tenancy.source.read',
      ],
    },
    {
      method: 'DELETE',
      path: '/tenants/:tenant/sources/:name',
      who: ['user'],
      records: ['tenancy.source.remove'],
    },
    {
      method: 'POST',
      path: '/tenants/:tenant/sources/:name/read',
      who: ['user'],
      records: ['tenancy.source.read'],
    },
    {
      method: 'GET',
      path: '/tenants/:tenant/sources/:name/refusals',
      who: ['user'],
    },
    { method: 'GET', path: '/tenants/:tenant/refusals', who: ['user'] },

    { method: 'GET', path: '/tenants/:tenant/members', who: ['user'] },
    {
      method: 'PUT',
      path: '/tenants/:tenant/members/:name',
      who: ['user'],
      records: [
        'tenancy.member.add',
        'tenancy.member.change',
        'tenancy.member.disable',
      ],
    },
    {
      method: 'DELETE',
      path: '/tenants/:tenant/members/:name',
      who: ['user'],
      records: ['tenancy.member.remove'],
    },
    { method: 'GET', path: '/tenants/:tenant/sessions', who: ['user'] },
    {
      method: 'DELETE',
      path: '/tenants/:tenant/members/:name/sessions',
      who: ['user'],
      records: ['tenancy.session.end'],
    },
    {
      method: 'DELETE',
      path: '/tenants/:tenant/members/:name/sessions/:issuedAt',
      who: ['user'],
      records: ['tenancy.session.end'],
    },
    { method: 'GET', path: '/tenants/:tenant/groups', who: ['user'] },
    {
      method: 'PUT',
      path: '/tenants/:tenant/groups/:name',
      who: ['user'],
      records: ['tenancy.group.add', 'tenancy.group.change'],
    },
    {
      method: 'DELETE',
      path: '/tenants/:tenant/groups/:name',
      who: ['user'],
      records: ['tenancy.group.remove'],
    },

    { method: 'GET', path: '/tenants/:tenant/tokens', who: ['user'] },
    {
      method: 'POST',
      path: '/tenants/:tenant/tokens',
      who: ['user'],
      records: ['tenancy.token.create'],
    },
    {
      method: 'DELETE',
      path: '/tenants/:tenant/tokens/:id',
      who: ['user'],
      records: ['tenancy.token.revoke'],
    },

    { method: 'GET', path: '/tenants/:tenant/directory', who: ['user'] },
    {
      method: 'PUT',
      path: '/tenants/:tenant/directory',
      who: ['user'],
      records: ['tenancy.directory.connect'],
    },
    {
      method: 'DELETE',
      path: '/tenants/:tenant/directory',
      who: ['user'],
      records: ['tenancy.directory.disconnect'],
    },
    {
      method: 'POST',
      path: '/tenants/:tenant/directory/tokens',
      who: ['user'],
      records: ['tenancy.directory-token.create'],
    },
    {
      method: 'DELETE',
      path: '/tenants/:tenant/directory/tokens/:id',
      who: ['user'],
      records: ['tenancy.directory-token.revoke'],
    },
    ...scimRoutes,

    // The signature covers the bytes as they come, so nobody parses them before.
    {
      method: 'POST',
      path: '/hooks/:tenant/:source',
      who: ['public'],
      body: { kind: 'raw' },
      records: ['tenancy.webhook.accept', 'tenancy.webhook.refuse'],
    },

    {
      method: 'POST',
      path: '/device/start',
      who: ['public'],
      unrecorded:
        'Nobody is known yet; the approval and what the device gets are recorded.',
    },
    { method: 'GET', path: '/device/requests/:userCode', who: ['user'] },
    {
      method: 'POST',
      path: '/device/approve',
      who: ['user'],
      records: ['tenancy.device.approve'],
    },
  ],
};
