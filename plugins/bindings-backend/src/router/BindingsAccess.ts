import {
  type BackstageCredentials,
  type HttpAuthService,
  type PermissionsService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError, NotFoundError } from '@backstage/errors';
import {
  AuthorizeResult,
  type BasicPermission,
} from '@backstage/plugin-permission-common';
import { isTenantId, PLATFORM_TENANT } from '@portico/plugin-tenancy-common';
import {
  type TenancyService,
  type TenantPrincipal,
} from '@portico/plugin-tenancy-node';
import { type Request } from 'express';

/** Who asks. */
export interface Caller {
  credentials: BackstageCredentials;
  principal: TenantPrincipal;
}

/** Decides who may do what through the routes of the bindings. */
export class BindingsAccess {
  readonly #httpAuth: HttpAuthService;
  readonly #permissions: PermissionsService;
  readonly #tenancy: Pick<TenancyService, 'principal'>;

  constructor(options: {
    httpAuth: HttpAuthService;
    permissions: PermissionsService;
    tenancy: Pick<TenancyService, 'principal'>;
  }) {
    this.#httpAuth = options.httpAuth;
    this.#permissions = options.permissions;
    this.#tenancy = options.tenancy;
  }

  /** An administrator of the platform who holds the permission. */
  async requirePlatform(
    request: Request,
    permission: BasicPermission,
  ): Promise<Caller> {
    const caller = await this.#caller(request);
    if (!isPlatformAdministrator(caller.principal)) {
      throw refusal(permission, caller.principal);
    }
    await this.#authorize(caller, permission);
    return caller;
  }

  /**
   * The tenant of the path and the caller, who holds the permission in it: someone of
   * that tenant, or an administrator of the platform.
   *
   * @throws NotFoundError alike for a tenant that is not the caller's and for none
   */
  async requireInTenant(
    request: Request,
    permission: BasicPermission,
  ): Promise<Caller & { tenant: string }> {
    const caller = await this.#caller(request);
    const tenant = request.params.tenant ?? '';
    const mayKnow =
      caller.principal.tenant === tenant ||
      isPlatformAdministrator(caller.principal);
    if (!isTenantId(tenant) || !mayKnow) {
      throw new NotFoundError(`There is no tenant ${JSON.stringify(tenant)}`);
    }
    await this.#authorize(caller, permission);
    return { ...caller, tenant };
  }

  async #caller(request: Request): Promise<Caller> {
    const credentials = await this.#httpAuth.credentials(request, {
      allow: ['user'],
    });
    return {
      credentials,
      principal: await this.#tenancy.principal(credentials),
    };
  }

  async #authorize(caller: Caller, permission: BasicPermission): Promise<void> {
    const [decision] = await this.#permissions.authorize([{ permission }], {
      credentials: caller.credentials,
    });
    if (decision?.result !== AuthorizeResult.ALLOW) {
      throw refusal(permission, caller.principal);
    }
  }
}

function refusal(
  permission: BasicPermission,
  principal: TenantPrincipal,
): NotAllowedError {
  return new NotAllowedError(
    `You do not hold the permission ${permission.name}; ask an administrator of ${principal.tenant}`,
  );
}

/** Tells whether somebody administers the platform, and so the grants of every tenant. */
function isPlatformAdministrator(principal: TenantPrincipal): boolean {
  return (
    principal.tenant === PLATFORM_TENANT &&
    principal.kind === 'person' &&
    principal.roles.includes('platform-admin')
  );
}
