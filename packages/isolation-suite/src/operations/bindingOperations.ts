import { SILENT_SYSTEM } from '../portal/portalConfig';
import { type Operation, operationsOf, query } from './Operation';

const bindings = operationsOf('bindings');
const named = { platform: 'named tenant' } as const;
const WRONG = { wrong: true };

export const bindingOperations: Operation[] = [
  ...bindings('GET /systems', { all: () => '/systems' }),
  ...bindings(
    'GET /grants',
    {
      all: () => '/grants',
      'of a foreign tenant': of => `/grants${query({ tenant: of.tenant })}`,
    },
    { platform: 'all tenants' },
  ),
  ...bindings(
    'GET /tenants/:tenant/grants',
    {
      foreign: of => `/tenants/${of.tenant}/grants`,
      'after a foreign cursor': of =>
        `/tenants/${of.tenant}/grants${query({ cursor: of.catalogCursor })}`,
    },
    named,
  ),
  ...bindings(
    'POST /tenants/:tenant/grants',
    {
      foreign: of => ({ path: `/tenants/${of.tenant}/grants`, body: WRONG }),
    },
    named,
  ),
  ...bindings(
    'DELETE /tenants/:tenant/grants/:id',
    {
      // The platform's administrator may revoke, and would.
      foreign: of => `/tenants/${of.tenant}/grants/no-${of.binding}`,
      'own address, foreign id': (of, own) =>
        `/tenants/${own.tenant}/grants/${of.binding}`,
    },
    named,
  ),
  ...bindings(
    'GET /tenants/:tenant/credentials',
    {
      foreign: of => `/tenants/${of.tenant}/credentials`,
    },
    named,
  ),
  ...bindings(
    'PUT /tenants/:tenant/credentials/:system',
    {
      foreign: of => ({
        path: `/tenants/${of.tenant}/credentials/${SILENT_SYSTEM}`,
        body: WRONG,
      }),
    },
    named,
  ),
  ...bindings(
    'DELETE /tenants/:tenant/credentials/:system',
    {
      foreign: of => `/tenants/${of.tenant}/credentials/no-${of.binding}`,
    },
    named,
  ),
];
