import { InputError } from '@backstage/errors';
import { parse } from '@portico/http-api';
import { auditContext } from '@portico/plugin-audit-node';
import {
  type GroupList,
  type MemberList,
  PERSONA_ISSUER,
  principalNameSchema,
  putGroupSchema,
  putMemberSchema,
  tenancyMemberManagePermission,
  tenancyMemberReadPermission,
} from '@portico/plugin-tenancy-common';
import { personasAllowed } from '@portico/plugin-tenancy-node';
import { type Router } from 'express';
import { type RouterOptions } from './RouterOptions';

/** People and groups of a tenant. */
export function addMemberRoutes(
  router: Router,
  options: Pick<
    RouterOptions,
    'access' | 'config' | 'events' | 'groups' | 'members'
  >,
): void {
  const { access, events, groups, members } = options;
  const allowsPersonas = personasAllowed(options.config);

  router.get('/tenants/:tenant/members', async (request, response) => {
    const { tenant } = await access.requireInTenant(
      request,
      tenancyMemberReadPermission,
    );
    const list: MemberList = { items: await members.list(tenant.id) };
    response.json(list);
  });

  router.put('/tenants/:tenant/members/:name', async (request, response) => {
    const { tenant, principal } = await access.requireInTenant(
      request,
      tenancyMemberManagePermission,
    );
    const name = parse(principalNameSchema, request.params.name, 'The name');
    const member = parse(putMemberSchema, request.body, 'The member');
    if (member.identity?.issuer === PERSONA_ISSUER && !allowsPersonas) {
      throw new InputError('This portal has no personas');
    }
    const result = await members.put({
      tenant: tenant.id,
      name,
      member,
      by: auditContext(request, principal),
    });
    await events.directory(tenant.id);
    response.status(result.created ? 201 : 200).json(result.member);
  });

  router.delete('/tenants/:tenant/members/:name', async (request, response) => {
    const { tenant, principal } = await access.requireInTenant(
      request,
      tenancyMemberManagePermission,
    );
    await members.remove({
      tenant: tenant.id,
      name: request.params.name,
      by: auditContext(request, principal),
    });
    await events.directory(tenant.id);
    response.status(204).end();
  });

  router.get('/tenants/:tenant/groups', async (request, response) => {
    const { tenant } = await access.requireInTenant(
      request,
      tenancyMemberReadPermission,
    );
    const list: GroupList = { items: await groups.list(tenant.id) };
    response.json(list);
  });

  router.put('/tenants/:tenant/groups/:name', async (request, response) => {
    const { tenant, principal } = await access.requireInTenant(
      request,
      tenancyMemberManagePermission,
    );
    const name = parse(principalNameSchema, request.params.name, 'The name');
    const group = parse(putGroupSchema, request.body, 'The group');
    const result = await groups.put({
      tenant: tenant.id,
      name,
      group,
      by: auditContext(request, principal),
    });
    await events.directory(tenant.id);
    response.json(result);
  });

  router.delete('/tenants/:tenant/groups/:name', async (request, response) => {
    const { tenant, principal } = await access.requireInTenant(
      request,
      tenancyMemberManagePermission,
    );
    await groups.remove({
      tenant: tenant.id,
      name: request.params.name,
      by: auditContext(request, principal),
    });
    await events.directory(tenant.id);
    response.status(204).end();
  });
}
