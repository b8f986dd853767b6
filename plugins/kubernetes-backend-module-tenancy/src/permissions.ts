import { createPermission } from '@backstage/plugin-permission-common';

/** Read logs of the containers of entities of the own tenant. */
export const kubernetesLogReadPermission = createPermission({
  name: 'kubernetes.log.read',
  attributes: { action: 'read' },
});
