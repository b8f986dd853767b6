import { InputError } from '@backstage/errors';
import { parse } from '@portico/http-api';
import { auditContext } from '@portico/plugin-audit-node';
import {
  bindingKindRules,
  bindingsGrantManagePermission,
  bindingsGrantReadPermission,
  createGrantSchema,
  type GrantList,
  grantQuerySchema,
  systemSchema,
  type SystemList,
} from '@portico/plugin-bindings-common';
import { type Router } from 'express';
import { z } from 'zod';
import { type RouterOptions } from './RouterOptions';

/** The systems, and what tenants were granted in them. */
export function addGrantRoutes(
  router: Router,
  options: Pick<RouterOptions, 'access' | 'grants' | 'systems'>,
): void {
  const { access, grants, systems } = options;

  router.get('/systems', async (request, response) => {
    await access.requirePlatform(request, bindingsGrantManagePermission);
    // The schema leaves out what only the backend knows of a system.
    const list: SystemList = {
      items: [...systems.values()].map(system => systemSchema.parse(system)),
    };
    response.json(list);
  });

  router.get('/grants', async (request, response) => {
    await access.requirePlatform(request, bindingsGrantManagePermission);
    const query = parse(grantQuerySchema, request.query, 'The query');
    const list: GrantList = await grants.list(query);
    response.json(list);
  });

  router.get('/tenants/:tenant/grants', async (request, response) => {
    const { tenant } = await access.requireInTenant(
      request,
      bindingsGrantReadPermission,
    );
    const query = parse(grantQuerySchema, request.query, 'The query');
    const list: GrantList = await grants.list({ ...query, tenant });
    response.json(list);
  });

  router.post('/tenants/:tenant/grants', async (request, response) => {
    const { tenant, principal } = await access.requireInTenant(
      request,
      bindingsGrantManagePermission,
    );
    const grant = parse(createGrantSchema, request.body, 'The grant');
    const system = systems.get(grant.system);
    const { systemKind } = bindingKindRules[grant.kind];
    if (system?.kind !== systemKind) {
      throw new InputError(
        `There is no ${systemKind} system ${JSON.stringify(
          grant.system,
        )}: add it to bindings.systems in the portal's configuration`,
      );
    }
    const added = await grants.add(
      { ...grant, tenant },
      {
        userRef: principal.userRef,
        context: auditContext(request, principal),
      },
    );
    response.status(201).json(added);
  });

  router.delete('/tenants/:tenant/grants/:id', async (request, response) => {
    const { tenant, principal } = await access.requireInTenant(
      request,
      bindingsGrantManagePermission,
    );
    const id = parse(z.uuid(), request.params.id, 'The id of the grant');
    await grants.revoke(
      { tenant, id },
      { context: auditContext(request, principal) },
    );
    response.status(204).end();
  });
}
