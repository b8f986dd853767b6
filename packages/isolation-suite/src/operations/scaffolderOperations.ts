import { type Operation, operationsOf, query } from './Operation';

const scaffolder = operationsOf('scaffolder');

const SMALL_TASK = {
  values: {},
  secrets: {},
};

export const scaffolderOperations: Operation[] = [
  ...scaffolder('GET /v2/templates/:namespace/:kind/:name/parameter-schema', {
    foreign: of =>
      `/v2/templates/${of.tenant}/Template/${of.template}/parameter-schema`,
    'foreign component': of =>
      `/v2/templates/${of.tenant}/component/${of.component}/parameter-schema`,
  }),
  ...scaffolder('GET /v2/actions', { all: () => '/v2/actions' }),
  ...scaffolder('GET /v2/templating-extensions', {
    all: () => '/v2/templating-extensions',
  }),
  ...scaffolder(
    'GET /v2/tasks',
    {
      all: () => '/v2/tasks',
      'of a foreign person': of =>
        `/v2/tasks${query({ createdBy: `user:${of.tenant}/${of.member}` })}`,
      'own and foreign': (of, own) =>
        `/v2/tasks${query({
          createdBy: [
            `user:${of.tenant}/${of.member}`,
            `user:${own.tenant}/${own.member}`,
          ],
          status: 'completed',
        })}`,
      ordered: () =>
        `/v2/tasks${query({ order: 'desc:created_by', limit: 50 })}`,
      'beyond the end': () => `/v2/tasks${query({ limit: 5, offset: 5000 })}`,
    },
    { remembers: true },
  ),
  ...scaffolder('POST /v2/tasks', {
    'a foreign template': of => ({
      path: '/v2/tasks',
      body: {
        templateRef: `template:${of.tenant}/${of.template}`,
        ...SMALL_TASK,
      },
    }),
    'a foreign entity that is no template': of => ({
      path: '/v2/tasks',
      body: {
        templateRef: `component:${of.tenant}/${of.component}`,
        ...SMALL_TASK,
      },
    }),
  }),
  ...scaffolder('GET /v2/tasks/:task', {
    foreign: of => `/v2/tasks/${of.task}`,
  }),
  ...scaffolder('POST /v2/tasks/:task/cancel', {
    foreign: of => ({ path: `/v2/tasks/${of.task}/cancel`, body: {} }),
  }),
  ...scaffolder('POST /v2/tasks/:task/retry', {
    foreign: of => ({
      path: `/v2/tasks/${of.task}/retry`,
      body: { secrets: {} },
    }),
  }),
  ...scaffolder('GET /v2/tasks/:task/events', {
    foreign: of => `/v2/tasks/${of.task}/events`,
    after: of => `/v2/tasks/${of.task}/events?after=1`,
  }),
  ...scaffolder('GET /v2/tasks/:task/eventstream', {
    foreign: of => ({
      path: `/v2/tasks/${of.task}/eventstream`,
      headers: { accept: 'text/event-stream' },
    }),
    after: of => ({
      path: `/v2/tasks/${of.task}/eventstream?after=0`,
      headers: { accept: 'text/event-stream' },
    }),
  }),
];
