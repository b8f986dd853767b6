import { NotFoundError } from '@backstage/errors';
import { parse } from '@portico/http-api';
import { auditContext } from '@portico/plugin-audit-node';
import {
  bindingsCredentialManagePermission,
  type CredentialList,
  type CredentialState,
  putCredentialSchema,
  systemNameSchema,
} from '@portico/plugin-bindings-common';
import { type Router } from 'express';
import { type RouterOptions } from './RouterOptions';

/** Credentials of a tenant: set, replaced and removed, and never given out. */
export function addCredentialRoutes(
  router: Router,
  options: Pick<RouterOptions, 'access' | 'credentials'>,
): void {
  const { access, credentials } = options;

  router.get('/tenants/:tenant/credentials', async (request, response) => {
    const { tenant } = await access.requireInTenant(
      request,
      bindingsCredentialManagePermission,
    );
    const list: CredentialList = { items: await credentials.list(tenant) };
    response.json(list);
  });

  router.put(
    '/tenants/:tenant/credentials/:system',
    async (request, response) => {
      const { tenant, principal } = await access.requireInTenant(
        request,
        bindingsCredentialManagePermission,
      );
      const system = parse(
        systemNameSchema,
        request.params.system,
        'The name of the system',
      );
      const credential = parse(
        putCredentialSchema,
        request.body,
        'The credential',
      );
      await credentials.set({ tenant, system }, credential, {
        userRef: principal.userRef,
        context: auditContext(request, principal),
      });
      response.json(await stateOf(tenant, system));
    },
  );

  router.delete(
    '/tenants/:tenant/credentials/:system',
    async (request, response) => {
      const { tenant, principal } = await access.requireInTenant(
        request,
        bindingsCredentialManagePermission,
      );
      await credentials.remove(
        { tenant, system: request.params.system },
        { context: auditContext(request, principal) },
      );
      response.status(204).end();
    },
  );

  async function stateOf(
    tenant: string,
    name: string,
  ): Promise<CredentialState> {
    const states = await credentials.list(tenant);
    const state = states.find(({ system }) => system.name === name);
    if (!state) {
      throw new NotFoundError(
        `There is no system ${name} in the portal's configuration`,
      );
    }
    return state;
  }
}
