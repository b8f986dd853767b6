import {
  type BackstageCredentials,
  type HttpAuthService,
  type PermissionsService,
} from '@backstage/backend-plugin-api';
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import { NotAllowedError, NotFoundError } from '@backstage/errors';
import { type CatalogService } from '@backstage/plugin-catalog-node';
import {
  AuthorizeResult,
  type BasicPermission,
} from '@backstage/plugin-permission-common';
import { componentNameSchema } from '@portico/plugin-local-runtime-common';
import {
  type TenancyService,
  type TenantPrincipal,
} from '@portico/plugin-tenancy-node';
import { type Request } from 'express';
import { type ComponentAddress } from '../runtime/RuntimeClient';

/** Who asks. */
export interface Caller {
  credentials: BackstageCredentials;
  principal: TenantPrincipal;
}

/** Finds the component that an entity stands for, as far as the caller may know it. */
export class EntityComponents {
  readonly #catalog: Pick<
    CatalogService,
    'getEntityByRef' | 'getEntitiesByRefs'
  >;
  readonly #httpAuth: HttpAuthService;
  readonly #permissions: PermissionsService;
  readonly #tenancy: Pick<TenancyService, 'principal'>;

  constructor(options: {
    catalog: Pick<CatalogService, 'getEntityByRef' | 'getEntitiesByRefs'>;
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
  async requireUser(
    request: Request,
    permission: BasicPermission,
  ): Promise<Caller> {
    const credentials = await this.#httpAuth.credentials(request, {
      allow: ['user'],
    });
    const [decision] = await this.#permissions.authorize([{ permission }], {
      credentials,
    });
    if (decision?.result !== AuthorizeResult.ALLOW) {
      throw new NotAllowedError(
        `You do not hold the permission ${permission.name}; ask an administrator of your tenant`,
      );
    }
    return {
      credentials,
      principal: await this.#tenancy.principal(credentials),
    };
  }

  /**
   * The component of an entity that the caller may read.
   *
   * @throws NotFoundError alike for what is another tenant's, not readable, and not there
   */
  async find(entityRef: string, caller: Caller): Promise<ComponentAddress> {
    const wanted = addressOf(entityRef, caller);
    const entity =
      wanted &&
      (await this.#catalog.getEntityByRef(wanted.entityRef, {
        credentials: caller.credentials,
      }));
    if (!wanted || !entity) {
      throw new NotFoundError(`There is no component ${entityRef}`);
    }
    return wanted.address;
  }

  /** Those of many entities that `find` would find. */
  async findMany(
    entityRefs: readonly string[],
    caller: Caller,
  ): Promise<Array<{ entityRef: string; address: ComponentAddress }>> {
    const byRef = new Map(
      entityRefs.flatMap(ref => {
        const found = addressOf(ref, caller);
        return found ? [[found.entityRef, found] as const] : [];
      }),
    );
    const wanted = [...byRef.values()];
    if (wanted.length === 0) {
      return [];
    }
    const { items } = await this.#catalog.getEntitiesByRefs(
      {
        entityRefs: wanted.map(({ entityRef }) => entityRef),
        fields: ['kind', 'metadata.namespace', 'metadata.name'],
      },
      { credentials: caller.credentials },
    );
    return wanted.filter((_, index) => items[index] !== undefined);
  }
}

/** Only components of the caller's own tenant are built and run for the caller. */
function addressOf(
  text: string,
  { principal }: Caller,
): { entityRef: string; address: ComponentAddress } | undefined {
  let entityRef: string;
  try {
    entityRef = stringifyEntityRef(parseEntityRef(text));
  } catch {
    return undefined;
  }
  const { kind, namespace, name } = parseEntityRef(entityRef);
  return kind === 'component' &&
    namespace === principal.tenant &&
    componentNameSchema.safeParse(name).success
    ? { entityRef, address: { tenant: namespace, component: name } }
    : undefined;
}
