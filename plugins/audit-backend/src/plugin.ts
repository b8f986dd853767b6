import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import {
  porticoDatabaseServiceRef,
  readPorticoDatabaseConnection,
} from '@portico/database';
import { auditPermissions } from '@portico/plugin-audit-common';
import { operationChecksServiceRef } from '@portico/plugin-operation-node';
import { tenancyServiceRef } from '@portico/plugin-tenancy-node';
import { worksInBackground } from '@portico/process-role';
import { observeFigures } from '@portico/telemetry';
import { readAuditConfig } from './config/readAuditConfig';
import { ErasureService } from './erasure/ErasureService';
import { isMember } from './erasure/isMember';
import { introduceSigningKey } from './keys/introduceSigningKey';
import { AuditState } from './operation/AuditState';
import { createAuditApi } from './router/createAuditApi';
import { startEngine } from './startEngine';

/** The audit: its relay, checkpoints, retention and API. */
export const auditPlugin = createBackendPlugin({
  pluginId: 'audit',
  register(env) {
    env.registerInit({
      deps: {
        checks: operationChecksServiceRef,
        config: coreServices.rootConfig,
        database: porticoDatabaseServiceRef,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        tenancy: tenancyServiceRef,
      },
      async init(services) {
        const { config, database, lifecycle, logger, tenancy } = services;
        services.permissionsRegistry.addPermissions(auditPermissions);
        const settings = readAuditConfig(config);
        const now = () => new Date();
        const key = await introduceSigningKey({
          database,
          origin: settings.origin,
          seeds: settings.signingKeys,
          now,
          logger,
        });

        const api = createAuditApi({
          ...services,
          settings,
          connection: {
            ...readPorticoDatabaseConnection(config),
            // Knex and pg describe the parsers differently; there are none.
            types: undefined,
          },
          erasures: new ErasureService({
            database,
            isMember: userRef => isMember(tenancy, userRef),
          }),
          now,
        });
        services.httpRouter.use(api.router);
        const state = new AuditState({
          database,
          destinations: settings.checkpoints.destinations.map(
            ({ name }) => name,
          ),
          everyMilliseconds: settings.checkpoints.everyMilliseconds,
          now,
        });
        state.checks().forEach(services.checks.add);
        observeFigures({
          group: 'audit',
          figures: AuditState.figures,
          read: () => state.readFigures(),
        });
        let engine: ReturnType<typeof startEngine> | undefined;
        lifecycle.addStartupHook(() => {
          if (worksInBackground(config)) {
            engine = startEngine({ database, settings, key, now, logger });
          }
        });
        lifecycle.addShutdownHook(async () => {
          await Promise.all([api.close(), engine?.stop()]);
        });
      },
    });
  },
});
