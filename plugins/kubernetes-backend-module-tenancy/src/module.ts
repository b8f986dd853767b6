import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  kubernetesAuthStrategyExtensionPoint,
  kubernetesClusterSupplierExtensionPoint,
  kubernetesFetcherExtensionPoint,
  kubernetesObjectsProviderExtensionPoint,
  kubernetesServiceLocatorExtensionPoint,
} from '@backstage/plugin-kubernetes-node';
import { porticoDatabaseServiceRef } from '@portico/database';
import { bindingsServiceRef, readSystems } from '@portico/plugin-bindings-node';
import { tenancyServiceRef } from '@portico/plugin-tenancy-node';
import {
  closedAuthStrategy,
  closedFetcher,
  closedServiceLocator,
} from './cluster/closedParts';
import { ClusterReader } from './cluster/ClusterReader';
import {
  AUTH_PROVIDER,
  GrantedClusterSupplier,
} from './cluster/GrantedClusterSupplier';
import { GrantedObjectsProvider } from './objects/GrantedObjectsProvider';
import { kubernetesLogReadPermission } from './permissions';
import { createReadRouter } from './reads/readRoutes';

/** Milliseconds until a cluster has to have answered. */
const TIMEOUT = 10_000;

/**
 * Puts the bindings in front of the stock Kubernetes plugin: each of its ways to a
 * cluster is replaced, so that it sees what the caller's tenant was granted.
 */
export const kubernetesModuleTenancy = createBackendModule({
  pluginId: 'kubernetes',
  moduleId: 'tenancy',
  register(registration) {
    registration.registerInit({
      deps: {
        auth: coreServices.auth,
        authStrategies: kubernetesAuthStrategyExtensionPoint,
        bindings: bindingsServiceRef,
        clusterSuppliers: kubernetesClusterSupplierExtensionPoint,
        config: coreServices.rootConfig,
        database: porticoDatabaseServiceRef,
        fetchers: kubernetesFetcherExtensionPoint,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        objectsProviders: kubernetesObjectsProviderExtensionPoint,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        serviceLocators: kubernetesServiceLocatorExtensionPoint,
        tenancy: tenancyServiceRef,
      },
      async init(deps) {
        const { auth, bindings, config, httpRouter } = deps;
        const reader = new ClusterReader({
          systems: readSystems(config),
          timeout: TIMEOUT,
        });
        deps.permissionsRegistry.addPermissions([kubernetesLogReadPermission]);
        deps.clusterSuppliers.addClusterSupplier(
          new GrantedClusterSupplier({ auth, bindings }),
        );
        deps.objectsProviders.addObjectsProvider(
          async ({ customResources, objectTypesToFetch }) =>
            new GrantedObjectsProvider({
              bindings,
              reader,
              objectTypes: objectTypesToFetch ?? [],
              customResources,
            }),
        );
        deps.fetchers.addFetcher(closedFetcher);
        deps.serviceLocators.addServiceLocator(closedServiceLocator);
        deps.authStrategies.addAuthStrategy(AUTH_PROVIDER, closedAuthStrategy);
        httpRouter.use(createReadRouter({ ...deps, reader }));
      },
    });
  },
});
