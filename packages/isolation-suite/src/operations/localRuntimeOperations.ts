import { type Things } from '../world/Things';
import { type Operation, operationsOf } from './Operation';

const runtime = operationsOf('local-runtime');
const pathOf = (of: Things) =>
  `/entities/component/${of.tenant}/${of.component}`;
const devOf = (of: Things) => `${pathOf(of)}/environments/dev`;
const refOf = (of: Things) => `component:${of.tenant}/${of.component}`;

const entity = '/entities/:kind/:namespace/:name';
const environment = `${entity}/environments/:environment` as const;

export const localRuntimeOperations: Operation[] = [
  ...runtime('GET /state', { all: () => '/state' }),
  ...runtime(
    'POST /status',
    {
      foreign: of => ({ path: '/status', body: { entityRefs: [refOf(of)] } }),
      'own and foreign': (of, own) => ({
        path: '/status',
        body: { entityRefs: [refOf(own), refOf(of)] },
      }),
    },
    { changes: undefined },
  ),
  ...runtime(`GET ${entity}/status`, { foreign: of => `${pathOf(of)}/status` }),
  ...runtime(`GET ${entity}/runs`, {
    foreign: of => `${pathOf(of)}/runs`,
    'in capitals': of =>
      `/entities/Component/${of.tenant.toUpperCase()}/${of.component}/runs`,
  }),
  ...runtime(`GET ${entity}/runs/:id`, {
    foreign: of => `${pathOf(of)}/runs/${of.run}`,
    'own component, foreign run': (of, own) => `${pathOf(own)}/runs/${of.run}`,
  }),
  ...runtime(`GET ${entity}/runs/:id/log`, {
    foreign: of => `${pathOf(of)}/runs/${of.run}/log`,
    'own component, foreign run': (of, own) =>
      `${pathOf(own)}/runs/${of.run}/log`,
  }),
  ...runtime(`POST ${entity}/runs/:id/repeat`, {
    foreign: of => ({ path: `${pathOf(of)}/runs/${of.run}/repeat`, body: {} }),
    'own component, foreign run': (of, own) => ({
      path: `${pathOf(own)}/runs/${of.run}/repeat`,
      body: {},
    }),
  }),
  ...runtime(`GET ${environment}/log`, { foreign: of => `${devOf(of)}/log` }),
  ...runtime(`GET ${environment}/metrics`, {
    foreign: of => `${devOf(of)}/metrics`,
  }),
  ...runtime(`POST ${environment}/wake`, {
    foreign: of => ({ path: `${devOf(of)}/wake`, body: {} }),
  }),
  ...runtime(`POST ${environment}/restart`, {
    foreign: of => ({ path: `${devOf(of)}/restart`, body: {} }),
  }),
];
