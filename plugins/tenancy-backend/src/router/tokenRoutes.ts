import { parse } from '@portico/http-api';
import { auditContext } from '@portico/plugin-audit-node';
import {
  type CreatedMachineToken,
  createMachineTokenSchema,
  type MachineTokenList,
  tenancyTokenManagePermission,
} from '@portico/plugin-tenancy-common';
import { type Router } from 'express';
import { type RouterOptions } from './RouterOptions';

/** Machine tokens of a tenant. */
export function addTokenRoutes(
  router: Router,
  options: Pick<RouterOptions, 'access' | 'tokens'>,
): void {
  const { access, tokens } = options;

  router.get('/tenants/:tenant/tokens', async (request, response) => {
    const { tenant } = await access.requireInTenant(
      request,
      tenancyTokenManagePermission,
    );
    const list: MachineTokenList = { items: await tokens.list(tenant.id) };
    response.json(list);
  });

  router.post('/tenants/:tenant/tokens', async (request, response) => {
    const { tenant, principal } = await access.requireInTenant(
      request,
      tenancyTokenManagePermission,
    );
    const token = parse(createMachineTokenSchema, request.body, 'The token');
    const created: CreatedMachineToken = await tokens.create({
      tenant: tenant.id,
      token,
      createdBy: principal.userRef,
      by: auditContext(request, principal),
    });
    response.status(201).setHeader('cache-control', 'no-store').json(created);
  });

  router.delete('/tenants/:tenant/tokens/:id', async (request, response) => {
    const { tenant, principal } = await access.requireInTenant(
      request,
      tenancyTokenManagePermission,
    );
    await tokens.revoke({
      tenant: tenant.id,
      id: request.params.id,
      by: auditContext(request, principal),
    });
    response.status(204).end();
  });
}
