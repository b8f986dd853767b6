import { parse } from '@portico/http-api';
import { auditContext } from '@portico/plugin-audit-node';
import {
  createTenantSchema,
  tenancyTenantManagePermission,
  type TenantList,
} from '@portico/plugin-tenancy-common';
import { type Router } from 'express';
import { type RouterOptions } from './RouterOptions';

/** The tenants of the portal: for administrators of the platform. */
export function addTenantRoutes(
  router: Router,
  options: Pick<RouterOptions, 'access' | 'tenants'>,
): void {
  const { access, tenants } = options;

  router.get('/tenants', async (request, response) => {
    await access.require(request, tenancyTenantManagePermission, [
      'platform-admin',
    ]);
    const list: TenantList = { items: await tenants.list() };
    response.json(list);
  });

  router.post('/tenants', async (request, response) => {
    const { principal } = await access.require(
      request,
      tenancyTenantManagePermission,
      ['platform-admin'],
    );
    const tenant = parse(createTenantSchema, request.body, 'The tenant');
    response
      .status(201)
      .json(await tenants.create(tenant, auditContext(request, principal)));
  });
}
