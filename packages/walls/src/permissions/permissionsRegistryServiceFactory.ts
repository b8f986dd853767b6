import { permissionsRegistryServiceFactory as stockFactory } from '@backstage/backend-defaults/permissionsRegistry';
import {
  coreServices,
  createServiceFactory,
  type PermissionsRegistryService,
} from '@backstage/backend-plugin-api';
import { inspectServiceFactory } from '../inspectServiceFactory';
import { absentAsUndefined } from './absentAsUndefined';
import { recordedResourcesServiceRef } from './RecordedResources';

const stock = inspectServiceFactory<PermissionsRegistryService>(stockFactory);

/**
 * The stock permissions registry, which also records what plugins register, and for
 * which what is absent is like what belongs to others.
 */
export const permissionsRegistryServiceFactory = createServiceFactory({
  service: coreServices.permissionsRegistry,
  deps: { ...stock.deps, recorded: recordedResourcesServiceRef },
  async factory({ recorded, ...services }) {
    const registry = await stock.create(services);
    const recording: PermissionsRegistryService = {
      addResourceType(options) {
        const closed = absentAsUndefined(options);
        registry.addResourceType(closed);
        recorded.addResourceType(registry, closed);
      },
      addPermissions(permissions) {
        registry.addPermissions(permissions);
        recorded.addPermissions(permissions);
      },
      addPermissionRules: registry.addPermissionRules.bind(registry),
      getPermissionRuleset: registry.getPermissionRuleset.bind(registry),
    };
    return recording;
  },
});
