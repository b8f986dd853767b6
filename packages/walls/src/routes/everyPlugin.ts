import { READS, type Route } from './Route';

const SCHEDULER =
  'Tasks belong to the portal; a list or a trigger would cross all tenants.';
const ACTIONS = 'Nothing that is installed calls actions.';

/** What the framework adds to each plugin. */
export const everyPluginRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/.backstage/auth/v1/jwks.json',
    who: ['public'],
  },
  {
    method: 'GET',
    path: '/.backstage/auth/v1/cookie',
    who: 'closed',
    why: 'Only plugins whose content a browser loads by itself need a cookie.',
  },
  {
    method: 'DELETE',
    path: '/.backstage/auth/v1/cookie',
    who: 'closed',
    why: 'Only plugins whose content a browser loads by itself need a cookie.',
  },
  {
    method: 'GET',
    path: '/.well-known/backstage/permissions/metadata',
    who: ['service'],
  },
  {
    method: 'POST',
    path: '/.well-known/backstage/permissions/apply-conditions',
    who: ['plugin-for-user', 'service'],
    unrecorded: READS,
    body: { kind: 'json', bytes: 512 * 1024, depth: 32 },
  },
  {
    method: 'GET',
    path: '/.backstage/scheduler/v1/tasks',
    who: 'closed',
    why: SCHEDULER,
  },
  {
    method: 'POST',
    path: '/.backstage/scheduler/v1/tasks/:id/trigger',
    who: 'closed',
    why: SCHEDULER,
  },
  {
    method: 'POST',
    path: '/.backstage/scheduler/v1/tasks/:id/cancel',
    who: 'closed',
    why: SCHEDULER,
  },
  {
    method: 'GET',
    path: '/.backstage/actions/v1/actions',
    who: 'closed',
    why: ACTIONS,
  },
  {
    method: 'POST',
    path: '/.backstage/actions/v1/actions/:action/invoke',
    who: 'closed',
    why: ACTIONS,
  },
  {
    method: 'POST',
    path: '/.backstage/actions/v2/actions/:action/invoke',
    who: 'closed',
    why: ACTIONS,
  },
  {
    method: 'GET',
    path: '/openapi.json',
    who: 'closed',
    why: 'Descriptions of the API belong to the documentation.',
  },
];
