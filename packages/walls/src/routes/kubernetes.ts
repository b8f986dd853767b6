import {
  type ClosedRoute,
  jsonBody,
  type PluginRoutes,
  type RouteMethod,
} from './Route';

const methods: readonly RouteMethod[] = [
  'GET',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
];

/** Logs, events and descriptions have routes of their own; `exec` has none. */
const proxy = methods.map(
  (method): ClosedRoute => ({
    method,
    path: '/proxy/*',
    who: 'closed',
    why: 'It reaches all of a cluster with the portal’s own access.',
  }),
);

const onlyReads = 'It reads; POST only carries the entity.';

export const kubernetesRoutes: PluginRoutes = {
  pluginId: 'kubernetes',
  routes: [
    { method: 'GET', path: '/clusters', who: ['user'] },
    {
      method: 'POST',
      path: '/services/:serviceId',
      who: ['user'],
      // The whole entity comes with it
      body: jsonBody(256),
      unrecorded: onlyReads,
    },
    {
      method: 'POST',
      path: '/resources/workloads/query',
      who: ['user'],
      unrecorded: onlyReads,
    },
    {
      method: 'POST',
      path: '/resources/custom/query',
      who: ['user'],
      unrecorded: onlyReads,
    },

    {
      method: 'GET',
      path: '/read/log',
      who: ['user'],
      records: ['kubernetes.log.read'],
    },
    { method: 'GET', path: '/read/events', who: ['user'] },
    { method: 'GET', path: '/read/describe', who: ['user'] },

    ...proxy,
  ],
};
