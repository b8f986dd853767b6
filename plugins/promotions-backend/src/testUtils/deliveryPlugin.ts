import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { porticoDatabaseServiceRef } from '@portico/database';
import { tenancyServiceRef } from '@portico/plugin-tenancy-node';
import {
  createDeliveryApi,
  type DeliveryApiOptions,
} from '../router/createDeliveryApi';

/** What a test gives to the API beside the services of the backend. */
export type DeliveryParts = (
  services: Pick<DeliveryApiOptions, 'database' | 'logger'>,
) => Omit<
  DeliveryApiOptions,
  'catalog' | 'database' | 'httpAuth' | 'logger' | 'permissions' | 'tenancy'
>;

/** The plugin with its API and without its engine. */
export function deliveryPlugin(parts: DeliveryParts) {
  return createBackendPlugin({
    pluginId: 'promotions',
    register: registration =>
      registration.registerInit({
        deps: {
          catalog: catalogServiceRef,
          database: porticoDatabaseServiceRef,
          httpAuth: coreServices.httpAuth,
          httpRouter: coreServices.httpRouter,
          lifecycle: coreServices.lifecycle,
          logger: coreServices.logger,
          permissions: coreServices.permissions,
          tenancy: tenancyServiceRef,
        },
        init: async ({ httpRouter, lifecycle, ...services }) => {
          const { router, close } = createDeliveryApi({
            ...services,
            ...parts(services),
          });
          httpRouter.use(router);
          lifecycle.addShutdownHook(close);
        },
      }),
  });
}
