import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { porticoDatabaseServiceRef } from '@portico/database';
import { apiTryOutPermissions } from '@portico/plugin-api-try-out-common';
import { bindingsServiceRef } from '@portico/plugin-bindings-node';
import { tenancyServiceRef } from '@portico/plugin-tenancy-node';
import { AddressPolicy } from './address/AddressPolicy';
import { systemLookUp } from './address/resolveHost';
import { createRouter } from './router/createRouter';
import { ApiServers } from './server/ApiServers';
import { createRuntimeAddresses } from './server/RuntimeAddresses';

/** Requests to the servers of an API, from its page. */
export const apiTryOutPlugin = createBackendPlugin({
  pluginId: 'api-try-out',
  register(registration) {
    registration.registerInit({
      deps: {
        auth: coreServices.auth,
        bindings: bindingsServiceRef,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        database: porticoDatabaseServiceRef,
        discovery: coreServices.discovery,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        logger: coreServices.logger,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        tenancy: tenancyServiceRef,
      },
      async init(deps) {
        deps.permissionsRegistry.addPermissions(apiTryOutPermissions);
        // Loopback is reached for the local runtime alone, and in development alone.
        const hasLocalRuntime =
          deps.config.has('localRuntime.url') &&
          process.env.NODE_ENV !== 'production';
        deps.httpRouter.use(
          createRouter({
            ...deps,
            addresses: new AddressPolicy(
              deps.config.getOptionalStringArray('apiTryOut.privateNetworks'),
            ),
            lookUp: systemLookUp,
            servers: new ApiServers({
              bindings: deps.bindings,
              runtime: hasLocalRuntime
                ? createRuntimeAddresses(deps)
                : undefined,
            }),
          }),
        );
      },
    });
  },
});
