import { type PluginRoutes, type Route } from './Route';

/** Below `/api/app` nothing is served; the app lies at the root. */
export const appRoutes: PluginRoutes = {
  pluginId: 'app',
  routes: [
    {
      method: 'GET',
      path: '/static/*',
      who: 'closed',
      why: 'The app is served at the root, once.',
    },
    {
      method: 'GET',
      path: '/*',
      who: 'closed',
      why: 'The app is served at the root, once.',
    },
  ],
};

/** Paths outside of `/api`: the app's files, and its page for every other path. */
export const indexRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/.:hidden',
    who: 'closed',
    why: 'Routes of the framework are served below /api only.',
  },
  {
    method: 'GET',
    path: '/.:hidden/*',
    who: 'closed',
    why: 'Routes of the framework are served below /api only.',
  },
  { method: 'GET', path: '/', who: ['public'] },
  { method: 'GET', path: '/*', who: ['public'] },
];
