import {
  type BackstageCredentials,
  type HttpAuthService,
  type PermissionsService,
} from '@backstage/backend-plugin-api';
import { type Entity } from '@backstage/catalog-model';
import { NotAllowedError, NotFoundError } from '@backstage/errors';
import { type CatalogService } from '@backstage/plugin-catalog-node';
import {
  AuthorizeResult,
  type BasicPermission,
} from '@backstage/plugin-permission-common';
import { promotionPermissions } from '@portico/plugin-promotions-common';
import {
  refusePermission,
  type TenancyService,
  type TenantPrincipal,
} from '@portico/plugin-tenancy-node';
import { type Request } from 'express';

/** Who asks; everything happens in the tenant of the principal. */
export interface Caller {
  credentials: BackstageCredentials;
  principal: TenantPrincipal;
  tenant: string;
}

/** What of a component the pages show. */
const COMPONENT_FIELDS = [
  'kind',
  'metadata.namespace',
  'metadata.name',
  'spec.owner',
  'relations',
];

/** Decides who may do what through the routes of delivery. */
export class DeliveryAccess {
  readonly #catalog: Pick<CatalogService, 'getEntitiesByRefs'>;
  readonly #httpAuth: HttpAuthService;
  readonly #permissions: PermissionsService;
  readonly #tenancy: Pick<TenancyService, 'principal'>;

  constructor(options: {
    catalog: Pick<CatalogService, 'getEntitiesByRefs'>;
    httpAuth: HttpAuthService;
    permissions: PermissionsService;
    tenancy: Pick<TenancyService, 'principal'>;
  }) {
    this.#catalog = options.catalog;
    this.#httpAuth = options.httpAuth;
    this.#permissions = options.permissions;
    this.#tenancy = options.tenancy;
  }

  /** @throws NotAllowedError when the caller does not hold the permission */
  async caller(request: Request, permission: BasicPermission): Promise<Caller> {
    const credentials = await this.#httpAuth.credentials(request, {
      allow: ['user'],
    });
    return this.callerOf(credentials, permission);
  }

  /**
   * The same for credentials that were seen before: sessions end and roles change while
   * a stream is open.
   *
   * @throws AuthenticationError when the session is over
   */
  async callerOf(
    credentials: BackstageCredentials,
    permission: BasicPermission,
  ): Promise<Caller> {
    const principal = await this.#tenancy.principal(credentials);
    const caller = { credentials, principal, tenant: principal.tenant };
    const held = await this.#held(caller, [permission]);
    if (!held.has(permission.name)) {
      throw refusePermission(
        permission.name,
        `You do not hold the permission ${permission.name}; ask an administrator of ${principal.tenant}`,
      );
    }
    return caller;
  }

  /**
   * A person who holds the permission.
   *
   * @throws NotAllowedError for machines, whatever they hold
   */
  async person(request: Request, permission: BasicPermission): Promise<Caller> {
    const caller = await this.caller(request, permission);
    if (caller.principal.kind !== 'person') {
      throw new NotAllowedError(
        'A machine does not decide for people: sign in as a person',
      );
    }
    return caller;
  }

  /** Names of the permissions of delivery that the caller holds. */
  async permissionsOf(caller: Caller): Promise<ReadonlySet<string>> {
    return this.#held(caller, promotionPermissions);
  }

  /**
   * A component of the caller's tenant that the caller may read.
   *
   * @throws NotFoundError alike for another tenant's, an unreadable one and none
   */
  async component(caller: Caller, ref: string): Promise<Entity> {
    const entity = (await this.components(caller, [ref])).get(ref);
    if (!entity) {
      throw new NotFoundError(`There is no component ${ref}`);
    }
    return entity;
  }

  /** Those of many components that `component` would find, in one question. */
  async components(
    caller: Caller,
    refs: readonly string[],
  ): Promise<ReadonlyMap<string, Entity>> {
    const own = [...new Set(refs)].filter(ref =>
      ref.startsWith(`component:${caller.tenant}/`),
    );
    if (own.length === 0) {
      return new Map();
    }
    const { items } = await this.#catalog.getEntitiesByRefs(
      { entityRefs: own, fields: COMPONENT_FIELDS },
      { credentials: caller.credentials },
    );
    return new Map(
      own.flatMap((ref, index) => {
        const entity = items[index];
        return entity ? [[ref, entity] as const] : [];
      }),
    );
  }

  async #held(
    caller: Caller,
    permissions: readonly BasicPermission[],
  ): Promise<ReadonlySet<string>> {
    const decisions = await this.#permissions.authorize(
      permissions.map(permission => ({ permission })),
      { credentials: caller.credentials },
    );
    return new Set(
      permissions
        .filter(
          (_, index) => decisions[index]?.result === AuthorizeResult.ALLOW,
        )
        .map(({ name }) => name),
    );
  }
}
