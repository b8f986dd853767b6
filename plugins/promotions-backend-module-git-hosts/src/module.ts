import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { bindingsServiceRef, readSystems } from '@portico/plugin-bindings-node';
import { promotionsDeliveryExtensionPoint } from '@portico/plugin-promotions-node';
import { BoundClients } from './BoundClients';
import { BoundRepositoryHost } from './BoundRepositoryHost';
import { BoundSourceHost } from './BoundSourceHost';
import { readGitHosts } from './readGitHosts';

/** Adds the Git hosts of `promotions.gitHosts`, each under the name of its system, for both kinds of repositories. */
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
          const clients = new BoundClients({ auth, bindings, host });
          delivery.addRepositoryHost(new BoundRepositoryHost(clients));
          delivery.addSourceHost(new BoundSourceHost(clients));
        }
      },
    });
  },
});
