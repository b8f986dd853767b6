import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { porticoDatabaseServiceRef } from '@portico/database';
import { bindingsPermissions } from '@portico/plugin-bindings-common';
import { tenancyServiceRef } from '@portico/plugin-tenancy-node';
import { createStores } from './createStores';
import { BindingsAccess } from './router/BindingsAccess';
import { createRouter } from './router/createRouter';

/** Grants and credentials of tenants over HTTP. */
export const bindingsPlugin = createBackendPlugin({
  pluginId: 'bindings',
  register(registration) {
    registration.registerInit({
      deps: {
        config: coreServices.rootConfig,
        database: porticoDatabaseServiceRef,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        logger: coreServices.logger,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        tenancy: tenancyServiceRef,
      },
      async init({
        config,
        database,
        httpAuth,
        httpRouter,
        logger,
        permissions,
        permissionsRegistry,
        tenancy,
      }) {
        permissionsRegistry.addPermissions(bindingsPermissions);
        const stores = createStores({ config, database });
        const resealed = await stores.credentials.reseal();
        if (resealed > 0) {
          logger.info(
            `Sealed ${resealed} fields of credentials again with the newest key`,
          );
        }
        const access = new BindingsAccess({ httpAuth, permissions, tenancy });
        httpRouter.use(createRouter({ access, ...stores }));
      },
    });
  },
});
