import { type PluginRoutes, READS } from './Route';

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
      unrecorded: READS,
    },
    {
      method: 'POST',
      path: '/:tenant/:repository.git/git-receive-pack',
      who: ['public'],
      body: { kind: 'raw' },
      records: ['git-host.repository.push'],
    },

    // The pages of the portal
    { method: 'GET', path: '/repositories', who: ['user'] },
    {
      method: 'GET',
      path: '/repositories/:tenant/:repository',
      who: ['user'],
    },
    {
      method: 'GET',
      path: '/repositories/:tenant/:repository/tree',
      who: ['user'],
    },
    {
      method: 'GET',
      path: '/repositories/:tenant/:repository/file',
      who: ['user'],
    },
    {
      method: 'GET',
      path: '/repositories/:tenant/:repository/commits',
      who: ['user'],
    },

    // Gitea's form of reading, for backends that do not hold the repositories
    {
      method: 'GET',
      path: '/api/v1/repos/:owner/:repository',
      who: ['public'],
    },
    {
      method: 'GET',
      path: '/api/v1/repos/:owner/:repository/contents/*',
      who: ['public'],
    },
    {
      method: 'GET',
      path: '/api/v1/repos/:owner/:repository/git/commits/*',
      who: ['public'],
    },
    {
      method: 'GET',
      path: '/api/v1/repos/:owner/:repository/archive/*',
      who: ['public'],
    },

    // Addresses as they stand in catalog entities: a redirect to the page, the same for
    // everybody
    { method: 'GET', path: '/:tenant/:repository', who: ['public'] },
    { method: 'GET', path: '/:tenant/:repository/src/*', who: ['public'] },
    { method: 'GET', path: '/:tenant/:repository/_edit/*', who: ['public'] },
  ],
};
