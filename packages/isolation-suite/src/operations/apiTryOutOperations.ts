import { type Things } from '../world/Things';
import { type Operation, operationsOf } from './Operation';

const tryOut = operationsOf('api-try-out');
const pathOf = (of: Things) => `/apis/${of.tenant}/${of.api}`;
const request = {
  server: 'definition-0',
  method: 'get',
  path: '/',
};

export const apiTryOutOperations: Operation[] = [
  ...tryOut('GET /apis/:namespace/:name/servers', {
    foreign: of => `${pathOf(of)}/servers`,
    'in capitals': of =>
      `/apis/${of.tenant.toUpperCase()}/${of.api.toUpperCase()}/servers`,
  }),
  ...tryOut('POST /apis/:namespace/:name/requests', {
    foreign: of => ({ path: `${pathOf(of)}/requests`, body: request }),
  }),
];
