import { createPermission } from '@backstage/plugin-permission-common';

/** See how the installation as a whole is doing: the platform's. */
export const operationCheckReadPermission = createPermission({
  name: 'operation.check.read',
  attributes: { action: 'read' },
});

export const operationPermissions = [operationCheckReadPermission];
