import { ConflictError } from '@backstage/errors';
import { parse } from '@portico/http-api';
import { auditContext } from '@portico/plugin-audit-node';
import {
  createDirectoryTokenSchema,
  type CreatedDirectoryToken,
  type DirectoryAnswer,
  putDirectorySchema,
  tenancyMemberManagePermission,
} from '@portico/plugin-tenancy-common';
import { type Router } from 'express';
import { readKeycloakDirectories } from '../keycloak/readKeycloakDirectories';
import { type RouterOptions } from './RouterOptions';
import { scimAddress } from './scimAddress';

/** The directory of a tenant, and the tokens of who writes it. */
export function addDirectoryRoutes(
  router: Router,
  options: Pick<RouterOptions, 'access' | 'config' | 'directories'>,
): void {
  const { access, config, directories } = options;

  async function answer(tenant: string): Promise<DirectoryAnswer> {
    const directory = await directories.get(tenant);
    return {
      ...(directory && {
        directory: {
          ...directory,
          ...(directory.kind === 'scim' && {
            address: scimAddress(config, tenant),
          }),
        },
      }),
    };
  }

  router.get('/tenants/:tenant/directory', async (request, response) => {
    const { tenant } = await access.requireInTenant(
      request,
      tenancyMemberManagePermission,
    );
    response.json(await answer(tenant.id));
  });

  router.put('/tenants/:tenant/directory', async (request, response) => {
    const { tenant, principal } = await access.requireInTenant(
      request,
      tenancyMemberManagePermission,
    );
    await directories.connect({
      tenant: tenant.id,
      kind: 'scim',
      directory: parse(putDirectorySchema, request.body, 'The directory'),
      by: auditContext(request, principal),
    });
    response.json(await answer(tenant.id));
  });

  router.delete('/tenants/:tenant/directory', async (request, response) => {
    const { tenant, principal } = await access.requireInTenant(
      request,
      tenancyMemberManagePermission,
    );
    if (readKeycloakDirectories(config).some(one => one.tenant === tenant.id)) {
      throw new ConflictError(
        `The directory of ${tenant.id} is named by tenancy.keycloak in the configuration: take it out there first`,
      );
    }
    await directories.disconnect({
      tenant: tenant.id,
      by: auditContext(request, principal),
    });
    response.status(204).end();
  });

  router.post(
    '/tenants/:tenant/directory/tokens',
    async (request, response) => {
      const { tenant, principal } = await access.requireInTenant(
        request,
        tenancyMemberManagePermission,
      );
      const created: CreatedDirectoryToken = await directories.createToken({
        tenant: tenant.id,
        token: parse(createDirectoryTokenSchema, request.body, 'The token'),
        createdBy: principal.userRef,
        by: auditContext(request, principal),
      });
      response.status(201).setHeader('cache-control', 'no-store').json(created);
    },
  );

  router.delete(
    '/tenants/:tenant/directory/tokens/:id',
    async (request, response) => {
      const { tenant, principal } = await access.requireInTenant(
        request,
        tenancyMemberManagePermission,
      );
      await directories.revokeToken({
        tenant: tenant.id,
        id: request.params.id,
        by: auditContext(request, principal),
      });
      response.status(204).end();
    },
  );
}
