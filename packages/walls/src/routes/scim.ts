import { type Route } from './Route';

const BASE = '/scim/:tenant/v2';
/** The token of the directory is looked at before the body is read. */
const raw = { who: ['public'], body: { kind: 'raw' } } as const;

/** SCIM asks for the token of a tenant's directory itself, in the way of its standard. */
export const scimRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: `${BASE}/ServiceProviderConfig`,
    who: ['public'],
  },
  { method: 'GET', path: `${BASE}/ResourceTypes`, who: ['public'] },
  { method: 'GET', path: `${BASE}/ResourceTypes/:id`, who: ['public'] },
  { method: 'GET', path: `${BASE}/Schemas`, who: ['public'] },
  { method: 'GET', path: `${BASE}/Schemas/:id`, who: ['public'] },
  { method: 'GET', path: `${BASE}/Users`, who: ['public'] },
  {
    ...raw,
    method: 'POST',
    path: `${BASE}/Users`,
    records: ['tenancy.member.add', 'tenancy.member.change'],
  },
  { method: 'GET', path: `${BASE}/Users/:id`, who: ['public'] },
  {
    ...raw,
    method: 'PUT',
    path: `${BASE}/Users/:id`,
    records: ['tenancy.member.change', 'tenancy.member.disable'],
  },
  {
    ...raw,
    method: 'PATCH',
    path: `${BASE}/Users/:id`,
    records: ['tenancy.member.change', 'tenancy.member.disable'],
  },
  {
    ...raw,
    method: 'DELETE',
    path: `${BASE}/Users/:id`,
    records: ['tenancy.member.change', 'tenancy.member.disable'],
  },
  { method: 'GET', path: `${BASE}/Groups`, who: ['public'] },
  {
    ...raw,
    method: 'POST',
    path: `${BASE}/Groups`,
    records: ['tenancy.group.add', 'tenancy.group.members'],
  },
  { method: 'GET', path: `${BASE}/Groups/:id`, who: ['public'] },
  {
    ...raw,
    method: 'PUT',
    path: `${BASE}/Groups/:id`,
    records: ['tenancy.group.change', 'tenancy.group.members'],
  },
  {
    ...raw,
    method: 'PATCH',
    path: `${BASE}/Groups/:id`,
    records: ['tenancy.group.change', 'tenancy.group.members'],
  },
  {
    ...raw,
    method: 'DELETE',
    path: `${BASE}/Groups/:id`,
    records: ['tenancy.group.remove'],
  },
];
