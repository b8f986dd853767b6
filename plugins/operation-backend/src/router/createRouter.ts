import {
  type HttpAuthService,
  type PermissionsService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { operationCheckReadPermission } from '@portico/plugin-operation-common';
import { PLATFORM_TENANT } from '@portico/plugin-tenancy-common';
import { type TenancyService } from '@portico/plugin-tenancy-node';
import { type Request, type Router } from 'express';
import createPromiseRouter from 'express-promise-router';
import { type OperationReporter } from '../OperationReporter';

/** What the routes of the operation work with. */
export interface RouterOptions {
  httpAuth: HttpAuthService;
  permissions: PermissionsService;
  reporter: Pick<OperationReporter, 'report'>;
  tenancy: Pick<TenancyService, 'principal'>;
}

/** `GET /checks`, for administrators of the platform. */
export function createRouter(options: RouterOptions): Router {
  const router = createPromiseRouter();
  router.get('/checks', async (request, response) => {
    await requirePlatformAdministrator(request, options);
    response.json(await options.reporter.report());
  });
  return router;
}

/** The whole installation is nobody's but the platform's, whatever a custom role says. */
async function requirePlatformAdministrator(
  request: Request,
  { httpAuth, permissions, tenancy }: RouterOptions,
): Promise<void> {
  const credentials = await httpAuth.credentials(request, { allow: ['user'] });
  const principal = await tenancy.principal(credentials);
  const [decision] = await permissions.authorize(
    [{ permission: operationCheckReadPermission }],
    { credentials },
  );
  if (
    decision?.result !== AuthorizeResult.ALLOW ||
    principal.tenant !== PLATFORM_TENANT ||
    !principal.roles.includes('platform-admin')
  ) {
    throw new NotAllowedError(
      `You do not hold the permission ${operationCheckReadPermission.name}; ask an administrator of the platform`,
    );
  }
}
