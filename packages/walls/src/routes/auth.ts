import { type PluginRoutes } from './Route';

const FLOW = 'Proxied sign-in has no browser flow, only a refresh.';
const CLIENTS = 'The portal is no identity provider for other programs.';

/** What every sign-in leaves in the audit, by its outcome. */
const SIGN_IN = ['tenancy.session.start', 'tenancy.session.refuse'] as const;

/** Sign-in. These routes hand out credentials, so they can ask for none. */
export const authRoutes: PluginRoutes = {
  pluginId: 'auth',
  routes: [
    // Personas of development, machine tokens, devices: one request each
    {
      method: 'GET',
      path: '/persona/refresh',
      who: ['public'],
      records: SIGN_IN,
    },
    {
      method: 'GET',
      path: '/machine/refresh',
      who: ['public'],
      records: SIGN_IN,
    },
    {
      method: 'GET',
      path: '/device/refresh',
      who: ['public'],
      records: ['tenancy.device.take', 'tenancy.session.start'],
    },

    // OpenID Connect
    { method: 'GET', path: '/oidc/start', who: ['public'] },
    {
      method: 'GET',
      path: '/oidc/handler/frame',
      who: ['public'],
      records: SIGN_IN,
    },
    {
      method: 'POST',
      path: '/oidc/handler/frame',
      who: ['public'],
      body: { kind: 'form' },
      records: SIGN_IN,
    },
    {
      method: 'GET',
      path: '/oidc/refresh',
      who: ['public'],
      records: SIGN_IN,
    },
    {
      method: 'POST',
      path: '/oidc/refresh',
      who: ['public'],
      records: SIGN_IN,
    },
    {
      method: 'POST',
      path: '/oidc/logout',
      who: ['public'],
      unrecorded:
        'It only clears a cookie of the browser; the session ends through the tenancy, which records it.',
    },

    { method: 'GET', path: '/:provider/start', who: 'closed', why: FLOW },
    {
      method: 'GET',
      path: '/:provider/handler/frame',
      who: 'closed',
      why: FLOW,
    },
    {
      method: 'POST',
      path: '/:provider/handler/frame',
      who: 'closed',
      why: FLOW,
    },
    { method: 'GET', path: '/:provider/refresh', who: 'closed', why: FLOW },
    { method: 'POST', path: '/:provider/refresh', who: 'closed', why: FLOW },
    { method: 'POST', path: '/:provider/logout', who: 'closed', why: FLOW },

    // Keys and claims
    { method: 'GET', path: '/.well-known/jwks.json', who: ['public'] },
    {
      method: 'GET',
      path: '/.well-known/openid-configuration',
      who: ['public'],
    },
    // Plugins ask with the short token that they hold on behalf of a user.
    { method: 'GET', path: '/v1/userinfo', who: ['user-cookie'] },
    {
      method: 'GET',
      path: '/.well-known/oauth-client/cli.json',
      who: 'closed',
      why: CLIENTS,
    },
    { method: 'GET', path: '/v1/authorize', who: 'closed', why: CLIENTS },
    {
      method: 'GET',
      path: '/v1/sessions/:session',
      who: 'closed',
      why: CLIENTS,
    },
    {
      method: 'POST',
      path: '/v1/sessions/:session/approve',
      who: 'closed',
      why: CLIENTS,
    },
    {
      method: 'POST',
      path: '/v1/sessions/:session/reject',
      who: 'closed',
      why: CLIENTS,
    },
    { method: 'POST', path: '/v1/token', who: 'closed', why: CLIENTS },
    { method: 'POST', path: '/v1/revoke', who: 'closed', why: CLIENTS },
    { method: 'POST', path: '/v1/register', who: 'closed', why: CLIENTS },
  ],
};
