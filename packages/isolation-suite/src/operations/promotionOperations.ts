import { type Things } from '../world/Things';
import { type Operation, operationsOf, query } from './Operation';

const promotions = operationsOf('promotions');
const refOf = (of: Things) => `component:${of.tenant}/${of.component}`;
const REASON = { reason: 'The suite asks for it' };

const release = '/releases/:id';
const promotion = '/promotions/:id';

const pathOf = (of: Things) => `/promotions/${of.promotion}`;

/** What is asked of each other tenant's releases, promotions, votes and drift. */
export const promotionOperations: Operation[] = [
  ...promotions('GET /releases', {
    foreign: of => `/releases${query({ component: refOf(of) })}`,
    'own, after a foreign cursor': (of, own) =>
      `/releases${query({
        component: refOf(own),
        cursor: of.promotionCursor,
      })}`,
  }),
  ...promotions('POST /releases', {
    foreign: of => ({
      path: '/releases',
      body: { content: { component: refOf(of), version: '9', images: [] } },
    }),
  }),
  ...promotions(`GET ${release}`, { foreign: of => `/releases/${of.release}` }),
  ...promotions(`POST ${release}/reject`, {
    foreign: of => ({ path: `/releases/${of.release}/reject`, body: REASON }),
  }),
  ...promotions('GET /delivery', {
    foreign: of => `/delivery${query({ component: refOf(of) })}`,
    'in capitals': of =>
      `/delivery${query({ component: refOf(of).toUpperCase() })}`,
  }),
  ...promotions('GET /board', {
    own: () => '/board',
    'of a foreign owner': of =>
      `/board${query({ owner: `group:${of.tenant}/${of.group}` })}`,
    'after a foreign cursor': of =>
      `/board${query({ cursor: of.promotionCursor })}`,
  }),
  ...promotions('GET /promotions', {
    own: () => '/promotions',
    'for me': () => `/promotions${query({ forMe: 'true' })}`,
    foreign: of => `/promotions${query({ component: refOf(of) })}`,
    'after a foreign cursor': of =>
      `/promotions${query({ cursor: of.promotionCursor })}`,
  }),
  ...promotions('POST /promotions', {
    'a foreign component': of => ({
      path: '/promotions',
      body: {
        component: refOf(of),
        environment: 'prod',
        release: of.release,
      },
    }),
    'a foreign release': (of, own) => ({
      path: '/promotions',
      body: {
        component: refOf(own),
        environment: 'prod',
        release: of.release,
      },
    }),
  }),
  ...promotions(`GET ${promotion}`, { foreign: pathOf }),
  ...promotions(`GET ${promotion}/diff`, {
    foreign: of => `${pathOf(of)}/diff`,
  }),
  ...promotions(`POST ${promotion}/votes`, {
    foreign: of => ({
      path: `${pathOf(of)}/votes`,
      body: { decision: 'approve', subject: of.release },
    }),
  }),
  ...promotions(`POST ${promotion}/cancel`, {
    foreign: of => ({ path: `${pathOf(of)}/cancel`, body: REASON }),
  }),
  ...promotions(`POST ${promotion}/break-glass`, {
    foreign: of => ({
      path: `${pathOf(of)}/break-glass`,
      body: { ...REASON, gates: ['people'], ticket: 'INC-1' },
    }),
  }),
  ...promotions(`POST ${promotion}/break-glass/confirm`, {
    foreign: of => ({ path: `${pathOf(of)}/break-glass/confirm`, body: {} }),
  }),
  ...promotions(`POST ${promotion}/break-glass/review`, {
    foreign: of => ({
      path: `${pathOf(of)}/break-glass/review`,
      body: { finding: 'justified', comment: 'It was' },
    }),
  }),
  ...promotions(`GET ${promotion}/rollout`, {
    foreign: of => `${pathOf(of)}/rollout`,
  }),
  ...promotions(`POST ${promotion}/rollout`, {
    foreign: of => ({
      path: `${pathOf(of)}/rollout`,
      body: {
        ...REASON,
        action: 'abort',
        rollout: 'shop/checkout',
        seen: { pods: 'abc', step: 0 },
      },
    }),
  }),
  ...promotions('GET /diff', {
    foreign: of =>
      `/diff${query({ component: refOf(of), from: 'dev', to: 'prod' })}`,
    'own component, foreign release': (of, own) =>
      `/diff${query({ component: refOf(own), from: of.release, to: 'prod' })}`,
  }),
  ...promotions('GET /deployments', {
    own: () => '/deployments',
    foreign: of => `/deployments${query({ component: refOf(of) })}`,
    'of a foreign owner': of =>
      `/deployments${query({ owner: `group:${of.tenant}/${of.group}` })}`,
  }),
  ...promotions('GET /windows', {
    own: () =>
      `/windows${query({
        from: '2026-01-01T00:00:00Z',
        to: '2026-02-01T00:00:00Z',
      })}`,
  }),
  ...promotions('POST /stops', {
    wrong: () => ({ path: '/stops', body: { reason: '' } }),
  }),
  ...promotions('POST /stops/:id/lift', {
    foreign: of => ({ path: `/stops/${of.stop}/lift`, body: {} }),
  }),
  ...promotions('POST /holds', {
    foreign: of => ({
      path: '/holds',
      body: { component: refOf(of), environment: 'dev', ...REASON },
    }),
  }),
  ...promotions('POST /holds/release', {
    foreign: of => ({
      path: '/holds/release',
      body: { component: refOf(of), environment: 'dev', ...REASON },
    }),
  }),
  ...promotions('GET /drift', {
    own: () => '/drift',
    foreign: of => `/drift${query({ component: refOf(of) })}`,
  }),
  ...promotions('POST /drift/:id/mute', {
    foreign: of => ({
      path: `/drift/${of.drift}/mute`,
      body: {
        until: new Date(Date.now() + 86_400_000).toISOString(),
        ...REASON,
      },
    }),
  }),
  ...promotions('GET /figures', {
    own: () => '/figures',
    'of a foreign component': of => `/figures${query({ scope: refOf(of) })}`,
    'of a foreign group': of =>
      `/figures${query({ scope: `group:${of.tenant}/${of.group}` })}`,
  }),
  ...promotions('GET /events', {
    own: () => ({ path: '/events', headers: { accept: 'text/event-stream' } }),
  }),
  ...promotions(
    'GET /events',
    {
      'all that are kept': () => ({
        path: '/events',
        headers: {
          accept: 'text/event-stream',
          'last-event-id': '00000000-0000-4000-8000-000000000000',
        },
      }),
    },
    {
      incomparable: 'what happens meanwhile comes in one of two answers alone',
      // Work in the background happens in an order of the portal's own.
      picksByChance: true,
    },
  ),
];
