import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  readLocalRuntimeConfig,
  RuntimeClient,
} from '@portico/plugin-local-runtime-backend';
import { promotionsDeliveryExtensionPoint } from '@portico/plugin-promotions-node';
import { LocalRuntimeDriver } from './LocalRuntimeDriver';

/** Adds the driver `local` where the portal has a local runtime. */
export const promotionsModuleLocalRuntime = createBackendModule({
  pluginId: 'promotions',
  moduleId: 'local-runtime',
  register(registration) {
    registration.registerInit({
      deps: {
        config: coreServices.rootConfig,
        delivery: promotionsDeliveryExtensionPoint,
      },
      async init({ config, delivery }) {
        const runtime = readLocalRuntimeConfig(config);
        if (runtime) {
          delivery.addDriver(
            new LocalRuntimeDriver({
              client: new RuntimeClient(runtime),
              now: () => new Date(),
            }),
          );
        }
      },
    });
  },
});
