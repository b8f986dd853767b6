import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  readLocalRuntimeConfig,
  RuntimeClient,
} from '@portico/plugin-local-runtime-backend';
import {
  promotionsDeliveryExtensionPoint,
  promotionsGatesExtensionPoint,
} from '@portico/plugin-promotions-node';
import { LocalRuntimeChecks } from './LocalRuntimeChecks';
import { LocalRuntimeDriver } from './LocalRuntimeDriver';

/** Adds the driver `local`, and its runs as checks of commits, where the portal has a local runtime. */
export const promotionsModuleLocalRuntime = createBackendModule({
  pluginId: 'promotions',
  moduleId: 'local-runtime',
  register(registration) {
    registration.registerInit({
      deps: {
        config: coreServices.rootConfig,
        delivery: promotionsDeliveryExtensionPoint,
        gates: promotionsGatesExtensionPoint,
      },
      async init({ config, delivery, gates }) {
        const runtime = readLocalRuntimeConfig(config);
        if (runtime) {
          const client = new RuntimeClient(runtime);
          delivery.addDriver(
            new LocalRuntimeDriver({ client, now: () => new Date() }),
          );
          gates.addCheckSource(new LocalRuntimeChecks({ client }));
        }
      },
    });
  },
});
