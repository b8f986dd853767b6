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

/** Have a source of the own tenant read again now. */
export const tenancySourceRefreshPermission = createPermission({
  name: 'tenancy.source.refresh',
  attributes: { action: 'update' },
});

/** Register and remove sources of the own tenant; it includes reading them again. */
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
  tenancySourceRefreshPermission,
  tenancySourceManagePermission,
  tenancyMemberReadPermission,
  tenancyMemberManagePermission,
  tenancyTokenManagePermission,
];
