import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { bindingsServiceRef, readSystems } from '@portico/plugin-bindings-node';
import {
  promotionsDeliveryExtensionPoint,
  promotionsGatesExtensionPoint,
} from '@portico/plugin-promotions-node';
import { ArgoCdClient } from './client/ArgoCdClient';
import { ApplicationResolver } from './driver/ApplicationResolver';
import { ArgoCdDriver } from './driver/ArgoCdDriver';
import { createSyncWindowGate } from './gate/createSyncWindowGate';

/** Adds the driver `argocd` and the gate `syncWindow`. */
export const promotionsModuleArgoCd = createBackendModule({
  pluginId: 'promotions',
  moduleId: 'argocd',
  register(registration) {
    registration.registerInit({
      deps: {
        auth: coreServices.auth,
        config: coreServices.rootConfig,
        bindings: bindingsServiceRef,
        delivery: promotionsDeliveryExtensionPoint,
        gates: promotionsGatesExtensionPoint,
      },
      async init({ auth, config, bindings, delivery, gates }) {
        const client = new ArgoCdClient();
        const resolver = new ApplicationResolver({
          auth,
          bindings,
          systems: readSystems(config),
        });
        delivery.addDriver(
          new ArgoCdDriver({ client, resolver, now: () => new Date() }),
        );
        gates.addGate(createSyncWindowGate({ client, resolver }));
      },
    });
  },
});
