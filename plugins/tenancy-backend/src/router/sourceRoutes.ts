import { InputError, NotAllowedError, NotFoundError } from '@backstage/errors';
import { parse } from '@portico/http-api';
import { auditContext } from '@portico/plugin-audit-node';
import {
  putSourceSchema,
  type PutSourceResult,
  type SourceList,
  type SourceLocation,
  sourceNameSchema,
  type SourceRefusalList,
  tenancySourceManagePermission,
  tenancySourceReadPermission,
  tenancySourceRefreshPermission,
} from '@portico/plugin-tenancy-common';
import { type Router } from 'express';
import { type RouterOptions } from './RouterOptions';
import { isPlatformAdministrator } from './TenancyAccess';

/** Sources of a tenant and what was refused in them. */
export function addSourceRoutes(
  router: Router,
  options: Pick<
    RouterOptions,
    'access' | 'config' | 'events' | 'sources' | 'webhooks'
  >,
): void {
  const { access, events, sources, webhooks } = options;
  const baseUrl = options.config
    .getString('backend.baseUrl')
    .replace(/\/$/, '');

  router.get('/tenants/:tenant/sources', async (request, response) => {
    const { tenant } = await access.requireInTenant(
      request,
      tenancySourceReadPermission,
    );
    const list: SourceList = {
      items: await sources.list({ tenant: tenant.id }),
    };
    response.json(list);
  });

  router.put('/tenants/:tenant/sources/:name', async (request, response) => {
    const { tenant, principal } = await access.requireInTenant(
      request,
      tenancySourceManagePermission,
    );
    const name = parse(sourceNameSchema, request.params.name, 'The name');
    const { location } = parse(putSourceSchema, request.body, 'The source');
    if (location.kind === 'url' && !isPlatformAdministrator(principal)) {
      throw new NotAllowedError(
        'Only the platform registers addresses outside of the Git host; use a repository of your own, or ask the platform',
      );
    }
    refuseOwnAddress(location, baseUrl);
    const by = auditContext(request, principal);
    const { source, created } = await sources.registerNew({
      tenant: tenant.id,
      name,
      location,
      registeredBy: principal.userRef,
      by,
    });
    const secret = created
      ? await webhooks.createSecret({ tenant: tenant.id, source: name }, by)
      : undefined;
    if (!created) {
      await sources.requestRead({ tenant: tenant.id, name, by });
    }
    await events.read(tenant.id, name);
    const result: PutSourceResult = {
      source,
      ...(secret !== undefined && {
        webhook: {
          url: `${baseUrl}/api/tenancy/hooks/${tenant.id}/${name}`,
          secret,
        },
      }),
    };
    response.status(created ? 201 : 200).json(result);
  });

  router.delete('/tenants/:tenant/sources/:name', async (request, response) => {
    const { tenant, principal } = await access.requireInTenant(
      request,
      tenancySourceManagePermission,
    );
    const delta = await sources.remove({
      tenant: tenant.id,
      name: request.params.name,
      by: auditContext(request, principal),
    });
    await events.removed(delta);
    response.status(204).end();
  });

  router.post(
    '/tenants/:tenant/sources/:name/read',
    async (request, response) => {
      const { tenant, principal } = await access.requireInTenant(
        request,
        tenancySourceRefreshPermission,
        tenancySourceManagePermission,
      );
      const source = await sources.requestRead({
        tenant: tenant.id,
        name: request.params.name,
        by: auditContext(request, principal),
      });
      await events.read(tenant.id, source.name);
      response.status(202).json({ source });
    },
  );

  router.get(
    '/tenants/:tenant/sources/:name/refusals',
    async (request, response) => {
      const { tenant } = await access.requireInTenant(
        request,
        tenancySourceReadPermission,
      );
      const source = await findSource(tenant.id, request.params.name);
      const list: SourceRefusalList = {
        items: await sources.allRefusals(tenant.id, source.name),
      };
      response.json(list);
    },
  );

  router.get('/tenants/:tenant/refusals', async (request, response) => {
    const { tenant } = await access.requireInTenant(
      request,
      tenancySourceReadPermission,
    );
    const list: SourceRefusalList = {
      items: await sources.allRefusals(tenant.id),
    };
    response.json(list);
  });

  async function findSource(tenant: string, name: string) {
    const source = await sources.get({ tenant, name });
    if (!source) {
      throw new NotFoundError(
        `There is no source ${JSON.stringify(name)} in ${tenant}`,
      );
    }
    return source;
  }
}

/** A repository of the Git host is read in process and belongs to one tenant. */
function refuseOwnAddress(location: SourceLocation, baseUrl: string): void {
  if (
    location.kind === 'url' &&
    new URL(location.url).host === new URL(baseUrl).host
  ) {
    throw new InputError(
      'This address lies in the portal itself; register it with the kind "repository"',
    );
  }
}
