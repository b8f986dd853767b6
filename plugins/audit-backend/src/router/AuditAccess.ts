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
import {
  auditEntryReadPermission,
  auditPersonErasePermission,
} from '@portico/plugin-audit-common';
import { PLATFORM_TENANT } from '@portico/plugin-tenancy-common';
import {
  type TenancyService,
  type TenantPrincipal,
} from '@portico/plugin-tenancy-node';
import { type Request } from 'express';
import { type ChainQuery } from '../query/ChainQuery';
import { type ReadScope } from '../query/ReadScope';

/** Who reads, and what they may read. */
export interface AuditReader {
  credentials: BackstageCredentials;
  principal: TenantPrincipal;
  /** All that they may read; a chain that they asked for narrows it. */
  scope: ReadScope;
}

/** Decides who reads which chain. */
export class AuditAccess {
  readonly #httpAuth: HttpAuthService;
  readonly #permissions: PermissionsService;
  readonly #tenancy: Pick<TenancyService, 'principal'>;
  readonly #chains: Pick<ChainQuery, 'exists'>;

  constructor(options: {
    httpAuth: HttpAuthService;
    permissions: PermissionsService;
    tenancy: Pick<TenancyService, 'principal'>;
    chains: Pick<ChainQuery, 'exists'>;
  }) {
    this.#httpAuth = options.httpAuth;
    this.#permissions = options.permissions;
    this.#tenancy = options.tenancy;
    this.#chains = options.chains;
  }

  /**
   * The caller, who may read the chain, or some chain when none is named.
   *
   * @throws NotAllowedError for a caller who may read nothing
   * @throws NotFoundError alike for a chain that is not the caller's and for none
   */
  async reader(request: Request, chain?: string): Promise<AuditReader> {
    const credentials = await this.#httpAuth.credentials(request, {
      allow: ['user'],
    });
    return this.readerOf(credentials, chain);
  }

  /**
   * The same for credentials that were seen before: sessions end and roles change while
   * a stream is open.
   *
   * @throws AuthenticationError when the session is over
   */
  async readerOf(
    credentials: BackstageCredentials,
    chain?: string,
  ): Promise<AuditReader> {
    const principal = await this.#tenancy.principal(credentials);
    await this.#require(auditEntryReadPermission, { credentials, principal });
    const scope = readScopeOf(principal);
    if (!scope) {
      throw refused(auditEntryReadPermission, principal);
    }
    if (chain === undefined) {
      return { credentials, principal, scope };
    }
    const readable =
      scope.kind === 'auditor'
        ? await this.#chains.exists(chain)
        : scope.chain === chain;
    if (!readable) {
      throw noSuchChain(chain);
    }
    return { credentials, principal, scope: { ...scope, chain } };
  }

  /**
   * The caller, who may erase people from the chain: an administrator of its tenant.
   *
   * @throws NotFoundError alike for a chain that is not the caller's and for none
   */
  async eraser(
    request: Request,
    chain: string,
  ): Promise<{ principal: TenantPrincipal }> {
    const credentials = await this.#httpAuth.credentials(request, {
      allow: ['user'],
    });
    const principal = await this.#tenancy.principal(credentials);
    await this.#require(auditPersonErasePermission, { credentials, principal });
    if (
      principal.tenant === PLATFORM_TENANT &&
      !principal.roles.includes('platform-admin')
    ) {
      throw refused(auditPersonErasePermission, principal);
    }
    if (principal.tenant !== chain) {
      throw noSuchChain(chain);
    }
    return { principal };
  }

  async #require(
    permission: BasicPermission,
    caller: Pick<AuditReader, 'credentials' | 'principal'>,
  ): Promise<void> {
    const [decision] = await this.#permissions.authorize([{ permission }], {
      credentials: caller.credentials,
    });
    if (decision?.result !== AuthorizeResult.ALLOW) {
      throw refused(permission, caller.principal);
    }
  }
}

/** The chains that a principal's tenant and roles open; none without such a role. */
function readScopeOf(principal: TenantPrincipal): ReadScope | undefined {
  const { tenant, roles } = principal;
  if (tenant !== PLATFORM_TENANT) {
    return { kind: 'own', chain: tenant };
  }
  if (roles.includes('auditor')) {
    return { kind: 'auditor' };
  }
  return roles.includes('platform-admin')
    ? { kind: 'own', chain: PLATFORM_TENANT }
    : undefined;
}

function refused(permission: BasicPermission, principal: TenantPrincipal) {
  return new NotAllowedError(
    `You do not hold the permission ${permission.name}; ask an administrator of ${principal.tenant}`,
  );
}

function noSuchChain(chain: string) {
  return new NotFoundError(`There is no chain ${JSON.stringify(chain)}`);
}
