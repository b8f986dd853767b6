import { createPermission } from '@backstage/plugin-permission-common';

/** See runs, environments, logs and metrics of components that one may read. */
export const localRuntimeReadPermission = createPermission({
  name: 'local-runtime.read',
  attributes: { action: 'read' },
});

/** Wake and restart services, and run a commit again. */
export const localRuntimeOperatePermission = createPermission({
  name: 'local-runtime.operate',
  attributes: { action: 'update' },
});

export const localRuntimePermissions = [
  localRuntimeReadPermission,
  localRuntimeOperatePermission,
];
