import { createPermission } from '@backstage/plugin-permission-common';

/** See runs, environments and metrics of components that one may read. */
export const localRuntimeReadPermission = createPermission({
  name: 'local-runtime.read',
  attributes: { action: 'read' },
});

/** Read what runs and services write, of components that one may read. */
export const localRuntimeLogReadPermission = createPermission({
  name: 'local-runtime.log.read',
  attributes: { action: 'read' },
});

/** Wake and restart services, and run a commit again. */
export const localRuntimeOperatePermission = createPermission({
  name: 'local-runtime.operate',
  attributes: { action: 'update' },
});

export const localRuntimePermissions = [
  localRuntimeReadPermission,
  localRuntimeLogReadPermission,
  localRuntimeOperatePermission,
];
