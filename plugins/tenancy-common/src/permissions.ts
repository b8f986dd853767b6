import { createPermission } from '@backstage/plugin-permission-common';

/** Create and list tenants: the platform's. */
export const tenancyTenantManagePermission = createPermission({
  name: 'tenancy.tenant.manage',
  attributes: { action: 'update' },
});

/** See the tenant's sources and what was refused in them. */
export const tenancySourceReadPermission = createPermission({
  name: 'tenancy.source.read',
  attributes: { action: 'read' },
});

/** Register, re-read and remove sources of the own tenant. */
export const tenancySourceManagePermission = createPermission({
  name: 'tenancy.source.manage',
  attributes: { action: 'update' },
});

/** See people, groups and roles of the own tenant. */
export const tenancyMemberReadPermission = createPermission({
  name: 'tenancy.member.read',
  attributes: { action: 'read' },
});

/** Add, change and disable people and groups of the own tenant. */
export const tenancyMemberManagePermission = createPermission({
  name: 'tenancy.member.manage',
  attributes: { action: 'update' },
});

/** Create, list and revoke machine tokens of the own tenant. */
export const tenancyTokenManagePermission = createPermission({
  name: 'tenancy.token.manage',
  attributes: { action: 'update' },
});

export const tenancyPermissions = [
  tenancyTenantManagePermission,
  tenancySourceReadPermission,
  tenancySourceManagePermission,
  tenancyMemberReadPermission,
  tenancyMemberManagePermission,
  tenancyTokenManagePermission,
];
