import {
  type BackstageCredentials,
  type HttpAuthService,
  type PermissionsService,
} from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import {
  AuthorizeResult,
  type BasicPermission,
} from '@backstage/plugin-permission-common';
import {
  isTenantId,
  PLATFORM_TENANT,
  type Role,
  type Tenant,
} from '@portico/plugin-tenancy-common';
import {
  refusePermission,
  type TenancyService,
  type TenantPrincipal,
} from '@portico/plugin-tenancy-node';
import { type Request } from 'express';
import { type TenantStore } from '../service/TenantStore';

/** Who asks. */
export interface Caller {
  credentials: BackstageCredentials;
  principal: TenantPrincipal;
}

/** Decides who may do what through the tenancy's routes. */
export class TenancyAccess {
  readonly #httpAuth: HttpAuthService;
  readonly #permissions: PermissionsService;
  readonly #tenancy: TenancyService;
  readonly #tenants: TenantStore;

  constructor(options: {
    httpAuth: HttpAuthService;
    permissions: PermissionsService;
    tenancy: TenancyService;
    tenants: TenantStore;
  }) {
    this.#httpAuth = options.httpAuth;
    this.#permissions = options.permissions;
    this.#tenancy = options.tenancy;
    this.#tenants = options.tenants;
  }

  /** The signed-in user. */
  async caller(request: Request): Promise<Caller> {
    const credentials = await this.#httpAuth.credentials(request, {
      allow: ['user'],
    });
    return {
      credentials,
      principal: await this.#tenancy.principal(credentials),
    };
  }

  /** The caller, who holds the permission; with a role of the platform where one is asked. */
  async require(
    request: Request,
    permission: BasicPermission,
    platformRoles?: readonly Role[],
  ): Promise<Caller> {
    const caller = await this.caller(request);
    await this.#authorize(caller, [permission], platformRoles);
    return caller;
  }

  /**
   * The tenant of the path and the caller, who holds the permission in it, or one of
   * several: someone of that tenant, or an administrator of the platform. What belongs
   * to the platform takes a role of the platform.
   *
   * @throws NotFoundError alike for a tenant that is not the caller's and for none
   */
  async requireInTenant(
    request: Request,
    ...permissions: [BasicPermission, ...BasicPermission[]]
  ): Promise<Caller & { tenant: Tenant }> {
    const caller = await this.caller(request);
    const id = request.params.tenant ?? '';
    const mine = caller.principal.tenant === id;
    const tenant =
      isTenantId(id) && (mine || isPlatformAdministrator(caller.principal))
        ? await this.#tenants.get(id)
        : undefined;
    if (!tenant) {
      throw new NotFoundError(`There is no tenant ${JSON.stringify(id)}`);
    }
    const reads = permissions[0].attributes.action === 'read';
    await this.#authorize(
      caller,
      permissions,
      id === PLATFORM_TENANT
        ? ['platform-admin', ...(reads ? (['auditor'] as const) : [])]
        : undefined,
    );
    return { ...caller, tenant };
  }

  async #authorize(
    caller: Caller,
    permissions: [BasicPermission, ...BasicPermission[]],
    platformRoles: readonly Role[] | undefined,
  ): Promise<void> {
    const decisions = await this.#permissions.authorize(
      permissions.map(permission => ({ permission })),
      { credentials: caller.credentials },
    );
    const holdsPermission = decisions.some(
      ({ result }) => result === AuthorizeResult.ALLOW,
    );
    const holdsRole =
      platformRoles === undefined ||
      caller.principal.roles.some(role => platformRoles.includes(role));
    if (!holdsPermission || !holdsRole) {
      throw refusePermission(
        permissions[0].name,
        `You do not hold the permission ${permissions[0].name}; ask an administrator of ${caller.principal.tenant}`,
      );
    }
  }
}

/** Tells whether somebody administers the platform, and so the tenancy of every tenant. */
export function isPlatformAdministrator(principal: TenantPrincipal): boolean {
  return (
    principal.tenant === PLATFORM_TENANT &&
    principal.kind === 'person' &&
    principal.roles.includes('platform-admin')
  );
}
