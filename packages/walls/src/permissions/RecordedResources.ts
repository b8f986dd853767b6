import {
  createServiceFactory,
  createServiceRef,
  type PermissionsRegistryService,
  type PermissionsRegistryServiceAddResourceTypeOptions,
} from '@backstage/backend-plugin-api';
import {
  type Permission,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import { createConditionAuthorizer } from '@backstage/plugin-permission-node';

/** Applies decisions to resources that were loaded together; an unknown ref is a no. */
export type ApplyDecision = (decision: PolicyDecision, ref: string) => boolean;

type LoadResources = (refs: string[]) => Promise<ApplyDecision>;

/**
 * The resource types and permissions of the plugins in this process, so that decisions on
 * single resources need no HTTP call to the plugin.
 */
export class RecordedResources {
  readonly #loaders = new Map<string, LoadResources>();
  readonly #permissions = new Map<string, Permission>();

  /** Records a type when its plugin registers it. */
  addResourceType<TType extends string, TResource, TQuery>(
    registry: PermissionsRegistryService,
    options: PermissionsRegistryServiceAddResourceTypeOptions<
      TType,
      TResource,
      TQuery
    >,
  ) {
    const { resourceRef, getResources } = options;
    this.addPermissions(options.permissions ?? []);
    if (!getResources) {
      return;
    }
    this.#loaders.set(resourceRef.resourceType, async refs => {
      const resources = await getResources(refs);
      // Asked for now, so that rules which modules added later count as well.
      const allows = createConditionAuthorizer(
        registry.getPermissionRuleset(resourceRef),
      );
      const found = new Map(
        refs.map((ref, index) => [ref, resources[index] as TResource]),
      );
      return (decision, ref) => allows(decision, found.get(ref));
    });
  }

  addPermissions(permissions: readonly Permission[]) {
    for (const permission of permissions) {
      this.#permissions.set(permission.name, permission);
    }
  }

  /** Tells whether resources of a type can be looked at in this process. */
  has(resourceType: string): boolean {
    return this.#loaders.has(resourceType);
  }

  /**
   * Loads resources, so that decisions can be applied to them.
   *
   * @throws Error when no plugin in this process resolves the type
   */
  async load(resourceType: string, refs: string[]): Promise<ApplyDecision> {
    const loader = this.#loaders.get(resourceType);
    if (!loader) {
      throw new Error(
        `No plugin in this process resolves resources of type '${resourceType}'`,
      );
    }
    return loader(refs);
  }

  /** Every permission that a plugin in this process has registered. */
  permissions(): Permission[] {
    return [...this.#permissions.values()];
  }
}

/** What the plugins in this process have registered. */
export const recordedResourcesServiceRef = createServiceRef<RecordedResources>({
  id: 'portico.walls.recorded-resources',
  scope: 'root',
  defaultFactory: async service =>
    createServiceFactory({
      service,
      deps: {},
      factory: () => new RecordedResources(),
    }),
});
