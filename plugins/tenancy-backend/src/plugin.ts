import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { porticoDatabaseServiceRef } from '@portico/database';
import { tenancyPermissions } from '@portico/plugin-tenancy-common';
import {
  personasAllowed,
  tenancyServiceRef,
} from '@portico/plugin-tenancy-node';
import { readSecretSealer } from '@portico/sealing';
import { addConfiguredAdministrators } from './addConfiguredAdministrators';
import { scheduleKeycloakSync } from './keycloak/scheduleKeycloakSync';
import { createRouter } from './router/createRouter';
import { TenancyAccess } from './router/TenancyAccess';
import { ScimStore } from './scim/ScimStore';
import { seedPlatformPersonas } from './seedPlatformPersonas';
import { DeviceRequestStore } from './service/DeviceRequestStore';
import { DirectoryStore } from './service/DirectoryStore';
import { GroupStore } from './service/GroupStore';
import { MachineTokenStore } from './service/MachineTokenStore';
import { MemberStore } from './service/MemberStore';
import { SessionStore } from './service/SessionStore';
import { SourceStore } from './service/SourceStore';
import { TenantStore } from './service/TenantStore';
import { SourceEvents } from './SourceEvents';
import { WebhookStore } from './webhooks/WebhookStore';

/** Tenants, people, sources and tokens over HTTP. */
export const tenancyPlugin = createBackendPlugin({
  pluginId: 'tenancy',
  register(registration) {
    registration.registerInit({
      deps: {
        config: coreServices.rootConfig,
        database: porticoDatabaseServiceRef,
        events: eventsServiceRef,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        logger: coreServices.logger,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        scheduler: coreServices.scheduler,
        tenancy: tenancyServiceRef,
      },
      async init({
        config,
        database,
        events,
        httpAuth,
        httpRouter,
        logger,
        permissions,
        permissionsRegistry,
        scheduler,
        tenancy,
      }) {
        permissionsRegistry.addPermissions(tenancyPermissions);
        const sealer = readSecretSealer(config, {
          key: 'tenancy.sealingKeys',
          purpose: 'portico tenancy secrets',
        });
        if (!sealer) {
          logger.warn(
            'Sources get no webhooks: set tenancy.sealingKeys or backend.auth.keys, which seal their secrets',
          );
        }
        const stores = { database, now: () => new Date() };
        const tenants = new TenantStore(stores);
        const members = new MemberStore(stores);
        const groups = new GroupStore(stores);
        if (personasAllowed(config)) {
          await seedPlatformPersonas({ groups, members });
        }
        await addConfiguredAdministrators({ config, members });
        const directories = new DirectoryStore(stores);
        const sourceEvents = new SourceEvents(events);
        await scheduleKeycloakSync({
          ...stores,
          config,
          directories,
          events: sourceEvents,
          logger,
          scheduler,
        });
        for (const path of ['/hooks', '/personas', '/device/start', '/scim']) {
          httpRouter.addAuthPolicy({ path, allow: 'unauthenticated' });
        }
        httpRouter.use(
          createRouter({
            ...stores,
            config,
            tenancy,
            tenants,
            members,
            groups,
            sessions: new SessionStore(stores),
            access: new TenancyAccess({
              httpAuth,
              permissions,
              tenancy,
              tenants,
            }),
            events: sourceEvents,
            tokens: new MachineTokenStore(stores),
            devices: new DeviceRequestStore(stores),
            directories,
            scim: new ScimStore(stores),
            sources: new SourceStore(stores),
            webhooks: new WebhookStore({ ...stores, sealer }),
          }),
        );
      },
    });
  },
});
