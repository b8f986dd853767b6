import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import {
  expectedMigrationsServiceRef,
  porticoDatabaseServiceRef,
  readPorticoJobsConnection,
} from '@portico/database';
import { operationPermissions } from '@portico/plugin-operation-common';
import { operationChecksServiceRef } from '@portico/plugin-operation-node';
import { tenancyServiceRef } from '@portico/plugin-tenancy-node';
import { observeFigures } from '@portico/telemetry';
import { version } from '../package.json';
import { createAddressChecks } from './checks/createAddressChecks';
import { createDatabaseChecks } from './checks/databaseChecks';
import { createIdentityProviderCheck } from './checks/identityProviderCheck';
import { JobQueue } from './checks/JobQueue';
import { OperationReporter } from './OperationReporter';
import { createRouter } from './router/createRouter';

/** Checks of the running installation, and figures of what belongs to no plugin. */
export const operationPlugin = createBackendPlugin({
  pluginId: 'operation',
  register(registration) {
    registration.registerInit({
      deps: {
        checks: operationChecksServiceRef,
        config: coreServices.rootConfig,
        database: porticoDatabaseServiceRef,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        migrations: expectedMigrationsServiceRef,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        tenancy: tenancyServiceRef,
      },
      async init(deps) {
        const { checks, config, database, lifecycle, migrations } = deps;
        deps.permissionsRegistry.addPermissions(operationPermissions);
        const now = () => new Date();
        const queue = new JobQueue(readPorticoJobsConnection(config));
        for (const check of [
          ...createDatabaseChecks({ database, migrations, now }),
          { name: 'jobs', look: () => queue.look() },
          createIdentityProviderCheck({ config, now }),
          ...createAddressChecks(config),
        ]) {
          checks.add(check);
        }
        observeFigures({
          group: 'jobs',
          figures: JobQueue.figures,
          read: () => queue.readFigures(),
        });
        deps.httpRouter.use(
          createRouter({
            ...deps,
            reporter: new OperationReporter({ checks, version, now }),
          }),
        );
        lifecycle.addShutdownHook(() => queue.close());
      },
    });
  },
});
