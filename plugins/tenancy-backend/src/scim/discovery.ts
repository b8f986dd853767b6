import { type JsonObject } from '@backstage/types';
import { GROUP_SCHEMA } from './scimGroup';
import { USER_SCHEMA } from './scimUser';

/** Resources on one page of a list. */
export const MOST_PER_PAGE = 200;

const SCHEMA_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Schema';
const RESOURCE_TYPE_SCHEMA =
  'urn:ietf:params:scim:schemas:core:2.0:ResourceType';

/** What of SCIM there is (RFC 7643, section 5). */
export function serviceProviderConfig(address: string): JsonObject {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
    patch: { supported: true },
    bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults: MOST_PER_PAGE },
    changePassword: { supported: false },
    sort: { supported: false },
    etag: { supported: true },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'Bearer token',
        description: 'A token that an administrator of the tenant makes',
        primary: true,
      },
    ],
    meta: {
      resourceType: 'ServiceProviderConfig',
      location: `${address}/ServiceProviderConfig`,
    },
  };
}

/** Users and groups (RFC 7643, section 6). */
export function resourceTypes(address: string): JsonObject[] {
  return (
    [
      ['User', '/Users', USER_SCHEMA],
      ['Group', '/Groups', GROUP_SCHEMA],
    ] as const
  ).map(([name, endpoint, schema]) => ({
    schemas: [RESOURCE_TYPE_SCHEMA],
    id: name,
    name,
    endpoint,
    schema,
    schemaExtensions: [],
    meta: {
      resourceType: 'ResourceType',
      location: `${address}/ResourceTypes/${name}`,
    },
  }));
}

interface AttributeOptions {
  type?: 'string' | 'boolean' | 'complex';
  multiValued?: true;
  required?: true;
  caseExact?: true;
  uniqueness?: 'server';
  subAttributes?: JsonObject[];
}

function attribute(name: string, options: AttributeOptions = {}): JsonObject {
  const { subAttributes } = options;
  return {
    name,
    type: options.type ?? 'string',
    multiValued: options.multiValued ?? false,
    required: options.required ?? false,
    caseExact: options.caseExact ?? false,
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: options.uniqueness ?? 'none',
    ...(subAttributes && { subAttributes }),
  };
}

/** The attributes that are kept (RFC 7643, section 7). */
export function scimSchemas(address: string): JsonObject[] {
  const schemas = [
    {
      id: USER_SCHEMA,
      name: 'User',
      attributes: [
        attribute('userName', { required: true, uniqueness: 'server' }),
        attribute('displayName'),
        attribute('active', { type: 'boolean' }),
        attribute('name', {
          type: 'complex',
          subAttributes: ['formatted', 'givenName', 'familyName'].map(name =>
            attribute(name),
          ),
        }),
        attribute('emails', {
          type: 'complex',
          multiValued: true,
          subAttributes: [
            attribute('value'),
            attribute('type'),
            attribute('primary', { type: 'boolean' }),
          ],
        }),
      ],
    },
    {
      id: GROUP_SCHEMA,
      name: 'Group',
      attributes: [
        attribute('displayName', { required: true }),
        attribute('members', {
          type: 'complex',
          multiValued: true,
          subAttributes: [
            attribute('value', { caseExact: true }),
            attribute('type'),
          ],
        }),
      ],
    },
  ];
  return schemas.map(schema => ({
    schemas: [SCHEMA_SCHEMA],
    ...schema,
    meta: {
      resourceType: 'Schema',
      location: `${address}/Schemas/${schema.id}`,
    },
  }));
}
