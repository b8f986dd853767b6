import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { bindingsServiceRef, readSystems } from '@portico/plugin-bindings-node';
import { promotionsDeliveryExtensionPoint } from '@portico/plugin-promotions-node';
import { BoundRepositoryHost } from './BoundRepositoryHost';
import { readGitHosts } from './readGitHosts';

/** Adds the Git hosts of `promotions.gitHosts`, each under the name of its system. */
export const promotionsModuleGitHosts = createBackendModule({
  pluginId: 'promotions',
  moduleId: 'git-hosts',
  register(registration) {
    registration.registerInit({
      deps: {
        auth: coreServices.auth,
        config: coreServices.rootConfig,
        bindings: bindingsServiceRef,
        delivery: promotionsDeliveryExtensionPoint,
      },
      async init({ auth, config, bindings, delivery }) {
        for (const host of readGitHosts(config, readSystems(config))) {
          delivery.addRepositoryHost(
            new BoundRepositoryHost({ auth, bindings, host }),
          );
        }
      },
    });
  },
});
