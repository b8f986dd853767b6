import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { porticoDatabaseServiceRef } from '@portico/database';
import { worksInBackground } from '@portico/process-role';
import { EventPublisher } from './EventPublisher';
import { EventTable } from './EventTable';
import { readNatsConfig } from './readNatsConfig';

/** Publishes changes of delivery to NATS JetStream where `promotions.nats` is set. */
export const promotionsModuleNats = createBackendModule({
  pluginId: 'promotions',
  moduleId: 'nats',
  register(registration) {
    registration.registerInit({
      deps: {
        config: coreServices.rootConfig,
        database: porticoDatabaseServiceRef,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
      },
      async init({ config, database, lifecycle, logger }) {
        const nats = readNatsConfig(config);
        if (!nats || !worksInBackground(config)) {
          return;
        }
        const publisher = new EventPublisher({
          table: new EventTable(database),
          config: nats,
          logger,
        });
        lifecycle.addStartupHook(() => publisher.start());
        lifecycle.addShutdownHook(() => publisher.stop());
      },
    });
  },
});
