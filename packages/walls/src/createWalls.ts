import {
  createBackendFeatureLoader,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { authServiceFactory } from './auth/authServiceFactory';
import { rootHealthServiceFactory } from './health/rootHealthServiceFactory';
import { httpRouterServiceFactory } from './http/httpRouterServiceFactory';
import { createRootHttpRouterServiceFactory } from './http/rootHttpRouterServiceFactory';
import { permissionsRegistryServiceFactory } from './permissions/permissionsRegistryServiceFactory';
import { permissionsServiceFactory } from './permissions/permissionsServiceFactory';
import { type RouteTable } from './routes/RouteTable';
import { routeTableServiceRef } from './routes/routeTableServiceRef';
import { taskEventsModule } from './taskEvents/taskEventsModule';

/**
 * The walls around all plugins: core services that replace the stock ones, and
 * a module of the scaffolder that numbers the events of tasks by task.
 *
 * @param table - who may call which route; what it does not list is 404
 */
export function createWalls(table: RouteTable) {
  return createBackendFeatureLoader({
    loader: () => [
      createServiceFactory({
        service: routeTableServiceRef,
        deps: {},
        factory: () => table,
      }),
      authServiceFactory,
      createRootHttpRouterServiceFactory(table),
      httpRouterServiceFactory,
      permissionsServiceFactory,
      permissionsRegistryServiceFactory,
      rootHealthServiceFactory,
      taskEventsModule,
    ],
  });
}
