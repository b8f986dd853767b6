import { type PluginRoutes } from './Route';

/**
 * The Git host asks for credentials itself: `git` signs in with a password, and needs to
 * be asked for it in its own way.
 */
export const gitHostRoutes: PluginRoutes = {
  pluginId: 'git-host',
  routes: [
    // Git's smart HTTP
    {
      method: 'GET',
      path: '/:tenant/:repository.git/info/refs',
      who: ['public'],
    },
    {
      method: 'POST',
      path: '/:tenant/:repository.git/git-upload-pack',
      who: ['public'],
      body: { kind: 'raw' },
    },
    {
      method: 'POST',
      path: '/:tenant/:repository.git/git-receive-pack',
      who: ['public'],
      body: { kind: 'raw' },
    },

    // Addresses of files, as they stand in catalog entities: a redirect to the page
    { method: 'GET', path: '/:tenant/:repository', who: ['public'] },
    {
      method: 'GET',
      path: '/:tenant/:repository/src/branch/*',
      who: ['public'],
    },

    // Gitea's form of reading, for backends that do not hold the repositories
    { method: 'GET', path: '/api/v1/*', who: ['public'] },

    // The page of a repository
    { method: 'GET', path: '/repositories', who: ['user'] },
    { method: 'GET', path: '/repositories/*', who: ['user'] },
  ],
};
