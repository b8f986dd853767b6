import { type Things } from '../world/Things';
import { type Operation, operationsOf } from './Operation';

const tenancy = operationsOf('tenancy');
const named = { platform: 'named tenant' } as const;
/** A body that nobody may send: an administrator of the platform may connect directories. */
const WRONG = { wrong: true };
const NO_ID = '00000000-0000-4000-8000-000000000000';
const directory = (of: Things) => `/tenants/${of.tenant}/directory`;
const scim = (of: Things, path: string) => `/scim/${of.tenant}/v2${path}`;

/** Of the right form, and of no directory. */
const guessed = (of: Things) => ({
  authorization: `Bearer portico-scim_${
    of.tenant
  }_00000000aaaaaaaa_${'a'.repeat(43)}`,
});

/** A session opens nothing of SCIM, and neither does a token that was guessed. */
function refused(path: string, body?: object) {
  return {
    'with a session': (of: Things) => ({
      path: scim(of, path),
      ...(body && { body }),
    }),
    'with a guessed token': (of: Things) => ({
      path: scim(of, path),
      headers: guessed(of),
      ...(body && { body }),
    }),
  };
}

const REFUSED = { expected: [401] };
const user = { userName: 'taken', externalId: 'taken' };
const group = { displayName: 'taken' };

/** The directory of a tenant: by the people of the tenant, and by SCIM. */
export const directoryOperations: Operation[] = [
  ...tenancy(
    'GET /tenants/:tenant/directory',
    { foreign: of => directory(of) },
    named,
  ),
  ...tenancy(
    'PUT /tenants/:tenant/directory',
    { foreign: of => ({ path: directory(of), body: WRONG }) },
    named,
  ),
  ...tenancy(
    'DELETE /tenants/:tenant/directory',
    // Nobody has connected one in these portals.
    { foreign: of => directory(of) },
    named,
  ),
  ...tenancy(
    'POST /tenants/:tenant/directory/tokens',
    { foreign: of => ({ path: `${directory(of)}/tokens`, body: WRONG }) },
    named,
  ),
  ...tenancy(
    'DELETE /tenants/:tenant/directory/tokens/:id',
    { foreign: of => `${directory(of)}/tokens/00000000aaaaaaaa` },
    named,
  ),
  ...tenancy(
    'GET /scim/:tenant/v2/ServiceProviderConfig',
    refused('/ServiceProviderConfig'),
    REFUSED,
  ),
  ...tenancy(
    'GET /scim/:tenant/v2/ResourceTypes',
    refused('/ResourceTypes'),
    REFUSED,
  ),
  ...tenancy(
    'GET /scim/:tenant/v2/ResourceTypes/:id',
    refused('/ResourceTypes/User'),
    REFUSED,
  ),
  ...tenancy('GET /scim/:tenant/v2/Schemas', refused('/Schemas'), REFUSED),
  ...tenancy(
    'GET /scim/:tenant/v2/Schemas/:id',
    refused('/Schemas/urn:ietf:params:scim:schemas:core:2.0:User'),
    REFUSED,
  ),
  ...tenancy('GET /scim/:tenant/v2/Users', refused('/Users'), REFUSED),
  ...tenancy('POST /scim/:tenant/v2/Users', refused('/Users', user), REFUSED),
  ...tenancy(
    'GET /scim/:tenant/v2/Users/:id',
    refused(`/Users/${NO_ID}`),
    REFUSED,
  ),
  ...tenancy(
    'PUT /scim/:tenant/v2/Users/:id',
    refused(`/Users/${NO_ID}`, user),
    REFUSED,
  ),
  ...tenancy(
    'PATCH /scim/:tenant/v2/Users/:id',
    refused(`/Users/${NO_ID}`, { Operations: [] }),
    REFUSED,
  ),
  ...tenancy(
    'DELETE /scim/:tenant/v2/Users/:id',
    refused(`/Users/${NO_ID}`),
    REFUSED,
  ),
  ...tenancy('GET /scim/:tenant/v2/Groups', refused('/Groups'), REFUSED),
  ...tenancy(
    'POST /scim/:tenant/v2/Groups',
    refused('/Groups', group),
    REFUSED,
  ),
  ...tenancy(
    'GET /scim/:tenant/v2/Groups/:id',
    refused(`/Groups/${NO_ID}`),
    REFUSED,
  ),
  ...tenancy(
    'PUT /scim/:tenant/v2/Groups/:id',
    refused(`/Groups/${NO_ID}`, group),
    REFUSED,
  ),
  ...tenancy(
    'PATCH /scim/:tenant/v2/Groups/:id',
    refused(`/Groups/${NO_ID}`, { Operations: [] }),
    REFUSED,
  ),
  ...tenancy(
    'DELETE /scim/:tenant/v2/Groups/:id',
    refused(`/Groups/${NO_ID}`),
    REFUSED,
  ),
];
