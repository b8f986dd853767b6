import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { porticoDatabaseServiceRef } from '@portico/database';
import {
  GIT_HOST_PUSH_TOPIC,
  gitHostPushSchema,
  gitHostServiceRef,
} from '@portico/plugin-git-host-node';
import { localRuntimePermissions } from '@portico/plugin-local-runtime-common';
import { promotionsServiceRef } from '@portico/plugin-promotions-node';
import { tenancyServiceRef } from '@portico/plugin-tenancy-node';
import { readLocalRuntimeConfig } from './readLocalRuntimeConfig';
import { ReleaseAnnouncer } from './release/ReleaseAnnouncer';
import { ReleaseFollower } from './release/ReleaseFollower';
import { createRouter } from './router/createRouter';
import { EntityComponents } from './router/EntityComponents';
import { RuntimeClient } from './runtime/RuntimeClient';

/** The portal's side of the local runtime: hints, releases that are announced, guarded routes. */
export const localRuntimePlugin = createBackendPlugin({
  pluginId: 'local-runtime',
  register(registration) {
    registration.registerInit({
      deps: {
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        database: porticoDatabaseServiceRef,
        events: eventsServiceRef,
        gitHost: gitHostServiceRef,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        promotions: promotionsServiceRef,
        tenancy: tenancyServiceRef,
      },
      async init(deps) {
        const { config, database, events, gitHost, lifecycle, logger } = deps;
        const { promotions } = deps;
        deps.permissionsRegistry.addPermissions(localRuntimePermissions);
        const runtime = readLocalRuntimeConfig(config);
        const client = runtime && new RuntimeClient(runtime);
        deps.httpRouter.use(
          createRouter({
            client,
            components: new EntityComponents(deps),
            database,
          }),
        );
        if (!client) {
          return;
        }
        const follower = new ReleaseFollower({
          client,
          announcer: new ReleaseAnnouncer({ gitHost, promotions }),
          logger,
        });
        await events.subscribe({
          id: 'local-runtime',
          topics: [GIT_HOST_PUSH_TOPIC],
          async onEvent({ eventPayload }) {
            const { tenant, repository } =
              gitHostPushSchema.parse(eventPayload);
            // Perhaps it is what something waits for, such as an entity for the catalog.
            follower.retry();
            // Its own scan finds what no hint told of.
            await client
              .hint({ tenant, repository })
              .catch(error =>
                logger.debug(`A push was not hinted at: ${error.message}`),
              );
          },
        });
        lifecycle.addStartupHook(() => follower.start());
        lifecycle.addShutdownHook(() => follower.stop());
      },
    });
  },
});
