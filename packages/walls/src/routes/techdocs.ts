import { type PluginRoutes } from './Route';

export const techdocsRoutes: PluginRoutes = {
  pluginId: 'techdocs',
  routes: [
    {
      method: 'GET',
      path: '/metadata/techdocs/:namespace/:kind/:name',
      who: ['user', 'service'],
    },
    {
      method: 'GET',
      path: '/metadata/entity/:namespace/:kind/:name',
      who: ['user', 'service'],
    },
    {
      method: 'GET',
      path: '/sync/:namespace/:kind/:name',
      who: ['user'],
      staysOpen: true,
    },
    // Pictures and styles of a page are loaded by the browser with a cookie; the search
    // index of each page is read by the search plugin itself.
    {
      method: 'GET',
      path: '/static/docs/:namespace/:kind/:name/*',
      who: ['user-cookie', 'service'],
    },
    { method: 'GET', path: '/.backstage/auth/v1/cookie', who: ['user'] },
    {
      method: 'DELETE',
      path: '/.backstage/auth/v1/cookie',
      who: ['user'],
      unrecorded: 'It only clears a cookie of the browser.',
    },
  ],
};
