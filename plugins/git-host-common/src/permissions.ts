import { createPermission } from '@backstage/plugin-permission-common';

/** Clone and browse repositories of the own tenant and of the platform. */
export const gitHostRepositoryReadPermission = createPermission({
  name: 'git-host.repository.read',
  attributes: { action: 'read' },
});

/** Push to repositories of the own tenant. */
export const gitHostRepositoryWritePermission = createPermission({
  name: 'git-host.repository.write',
  attributes: { action: 'update' },
});

/** Create repositories in the own tenant. */
export const gitHostRepositoryCreatePermission = createPermission({
  name: 'git-host.repository.create',
  attributes: { action: 'create' },
});

export const gitHostPermissions = [
  gitHostRepositoryReadPermission,
  gitHostRepositoryWritePermission,
  gitHostRepositoryCreatePermission,
];
