import { createPermission } from '@backstage/plugin-permission-common';

/** See which external things the own tenant may use; no secrets. */
export const bindingsGrantReadPermission = createPermission({
  name: 'bindings.grant.read',
  attributes: { action: 'read' },
});

/** Grant external things to tenants: the platform's. */
export const bindingsGrantManagePermission = createPermission({
  name: 'bindings.grant.manage',
  attributes: { action: 'update' },
});

/** Set and remove the credentials of the own tenant. */
export const bindingsCredentialManagePermission = createPermission({
  name: 'bindings.credential.manage',
  attributes: { action: 'update' },
});

export const bindingsPermissions = [
  bindingsGrantReadPermission,
  bindingsGrantManagePermission,
  bindingsCredentialManagePermission,
];
