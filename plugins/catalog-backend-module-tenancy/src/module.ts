import {
  coreServices,
  createBackendModule,
  readSchedulerServiceTaskScheduleDefinitionFromConfig,
  type RootConfigService,
  type SchedulerServiceTaskScheduleDefinition,
} from '@backstage/backend-plugin-api';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import {
  GIT_HOST_PUSH_TOPIC,
  gitHostPushSchema,
  gitHostServiceRef,
} from '@portico/plugin-git-host-node';
import {
  isEntityInNamespace,
  TENANCY_SOURCES_TOPIC,
  tenancyServiceRef,
  tenancySourcesEventSchema,
} from '@portico/plugin-tenancy-node';
import { DeliveryKindsProcessor } from './processor/DeliveryKindsProcessor';
import { TenantOriginProcessor } from './processor/TenantOriginProcessor';
import { SourceReader } from './provider/SourceReader';
import { TenantEntityProvider } from './provider/TenantEntityProvider';

/**
 * Fills the catalog from the sources of tenants, keeps everything else out of it,
 * and adds the rule that the permission policy decides with.
 */
export const catalogModuleTenancy = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'tenancy',
  register(env) {
    env.registerInit({
      deps: {
        catalog: catalogProcessingExtensionPoint,
        config: coreServices.rootConfig,
        events: eventsServiceRef,
        gitHost: gitHostServiceRef,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        permissionsRegistry: coreServices.permissionsRegistry,
        scheduler: coreServices.scheduler,
        tenancy: tenancyServiceRef,
        urlReader: coreServices.urlReader,
      },
      async init({
        catalog,
        config,
        events,
        gitHost,
        lifecycle,
        logger,
        permissionsRegistry,
        scheduler,
        tenancy,
        urlReader,
      }) {
        permissionsRegistry.addPermissionRules([isEntityInNamespace]);

        const provider = new TenantEntityProvider({
          tenancy,
          reader: new SourceReader({
            gitHost,
            urlReader,
            sources: tenancy.sources,
          }),
          logger,
        });
        catalog.addEntityProvider(provider);
        catalog.addProcessor(
          new TenantOriginProcessor(),
          new DeliveryKindsProcessor({
            async environmentsOf(namespace) {
              const declared = await tenancy.sources.lastGood({
                kind: 'environment',
                tenants: [namespace],
              });
              return new Set(
                declared.map(({ entity }) => entity.metadata.name),
              );
            },
          }),
        );

        await events.subscribe({
          id: 'catalog-module-tenancy',
          topics: [GIT_HOST_PUSH_TOPIC, TENANCY_SOURCES_TOPIC],
          async onEvent({ topic, eventPayload }) {
            if (topic === GIT_HOST_PUSH_TOPIC) {
              await provider.onPush(gitHostPushSchema.parse(eventPayload));
            } else {
              await provider.onSourcesEvent(
                tenancySourcesEventSchema.parse(eventPayload),
              );
            }
          },
        });
        await scheduler.scheduleTask({
          ...readSchedule(config),
          id: 'tenancy-read-sources',
          fn: () => provider.readAll(),
        });
        lifecycle.addShutdownHook(() => provider.stop());
      },
    });
  },
});

/** Pushes tell of changes at once; the schedule finds what no event told of. */
function readSchedule(
  config: RootConfigService,
): SchedulerServiceTaskScheduleDefinition {
  const schedule = config.getOptionalConfig(
    'catalog.providers.portico.schedule',
  );
  return schedule
    ? readSchedulerServiceTaskScheduleDefinitionFromConfig(schedule)
    : {
        frequency: { minutes: 10 },
        timeout: { minutes: 5 },
        initialDelay: { minutes: 10 },
      };
}
