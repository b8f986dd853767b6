import {
  coreServices,
  createBackendFeatureLoader,
  createBackendPlugin,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { urlReaderFactoriesServiceRef } from '@backstage/backend-defaults/urlReader';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { gitHostPermissions } from '@portico/plugin-git-host-common';
import {
  createTenantReader,
  GIT_HOST_PUSH_TOPIC,
} from '@portico/plugin-git-host-node';
import { PLATFORM_TENANT } from '@portico/plugin-tenancy-common';
import {
  TENANCY_SOURCES_TOPIC,
  tenancyServiceRef,
} from '@portico/plugin-tenancy-node';
import { worksInBackground } from '@portico/process-role';
import { RepositoryAuthorizer } from './access/RepositoryAuthorizer';
import { createGitDoor } from './door/createGitDoor';
import {
  defaultGitHostServiceRef,
  gitHostServiceFactory,
} from './gitHostServiceFactory';
import { createRouter } from './router/createRouter';
import { seedPlatformRepositories } from './seed/seedPlatformRepositories';

/** The HTTP side of the Git host, its events, its upkeep and the platform's repositories. */
export const gitHostPlugin = createBackendPlugin({
  pluginId: 'git-host',
  register(env) {
    env.registerInit({
      deps: {
        auth: coreServices.auth,
        config: coreServices.rootConfig,
        events: eventsServiceRef,
        gitHost: defaultGitHostServiceRef,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        scheduler: coreServices.scheduler,
        tenancy: tenancyServiceRef,
      },
      async init(deps) {
        const { events, gitHost, httpAuth, logger, tenancy } = deps;
        deps.permissionsRegistry.addPermissions(gitHostPermissions);

        gitHost.onPush(push =>
          events.publish({ topic: GIT_HOST_PUSH_TOPIC, eventPayload: push }),
        );

        const authorizer = new RepositoryAuthorizer({
          auth: deps.auth,
          permissions: deps.permissions,
          tenancy,
        });
        const gitDoor = await createGitDoor({ gitHost, authorizer, logger });
        // git needs our own 401; every route checks its caller itself.
        deps.httpRouter.addAuthPolicy({ path: '/', allow: 'unauthenticated' });
        deps.httpRouter.use(
          createRouter({ gitDoor, gitHost, authorizer, httpAuth }),
        );

        await deps.scheduler.scheduleTask({
          id: 'git-host-upkeep',
          // Each process keeps up the repositories on its own disk.
          scope: 'local',
          frequency: { hours: 24 },
          initialDelay: { hours: 1 },
          timeout: { hours: 2 },
          fn: async signal => {
            for (const { repository, error } of await gitHost.store.maintain(
              signal,
            )) {
              logger.warn(`The upkeep of ${repository} failed: ${error}`);
            }
          },
        });

        if (!worksInBackground(deps.config)) {
          return;
        }
        deps.lifecycle.addStartupHook(async () => {
          const sources = await seedPlatformRepositories({
            repositories: gitHost.config.platformRepositories,
            gitHost,
            tenancy,
            logger,
          });
          for (const source of sources) {
            await events.publish({
              topic: TENANCY_SOURCES_TOPIC,
              eventPayload: { kind: 'read', tenant: PLATFORM_TENANT, source },
            });
          }
        });
      },
    });
  },
});

/**
 * What stock code reads of the Git host: the repositories of the platform and
 * nothing else, because a stock reader knows no caller. Everything on the portal's
 * own host is taken, so that no other reader calls the portal over HTTP.
 */
const platformUrlReaderFactory = createServiceFactory({
  service: urlReaderFactoriesServiceRef,
  deps: { gitHost: defaultGitHostServiceRef },
  factory({ gitHost }) {
    const host = new URL(gitHost.baseUrl).host;
    const reader = createTenantReader({ tenant: PLATFORM_TENANT, gitHost });
    return () => [{ predicate: url => url.host === host, reader }];
  },
});

/** The plugin, `gitHostServiceRef` and the URL reader: one `backend.add`. */
export const gitHostFeatures = createBackendFeatureLoader({
  *loader() {
    yield gitHostServiceFactory;
    yield platformUrlReaderFactory;
    yield gitHostPlugin;
  },
});
