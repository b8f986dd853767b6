import { createPermission } from '@backstage/plugin-permission-common';

/** Send requests to the servers of an API that one may read. */
export const apiTryOutSendPermission = createPermission({
  name: 'api-try-out.request.send',
  attributes: { action: 'update' },
});

export const apiTryOutPermissions = [apiTryOutSendPermission];
