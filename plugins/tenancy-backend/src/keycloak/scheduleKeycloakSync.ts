import {
  type LoggerService,
  type RootConfigService,
  type SchedulerService,
} from '@backstage/backend-plugin-api';
import { isError } from '@backstage/errors';
import { type PorticoDatabase } from '@portico/database';
import { type DirectoryStore } from '../service/DirectoryStore';
import { type SourceEvents } from '../SourceEvents';
import { KeycloakClient } from './KeycloakClient';
import { KeycloakSync } from './KeycloakSync';
import { readKeycloakDirectories } from './readKeycloakDirectories';

/** Reads each configured realm in its rhythm, on one replica at a time. */
export async function scheduleKeycloakSync(options: {
  config: RootConfigService;
  database: PorticoDatabase;
  directories: DirectoryStore;
  events: SourceEvents;
  logger: LoggerService;
  scheduler: SchedulerService;
  now: () => Date;
}): Promise<void> {
  const { config, events, logger, scheduler } = options;
  const sync = new KeycloakSync(options);
  for (const directory of readKeycloakDirectories(config)) {
    const client = new KeycloakClient(directory);
    const { tenant } = directory;
    await scheduler.scheduleTask({
      id: `tenancy-keycloak-${tenant}`,
      scope: 'global',
      frequency: directory.every,
      timeout: { minutes: 10 },
      fn: async signal => {
        try {
          const result = await sync.sync(directory, client, signal);
          if (result.changes > 0) {
            await events.directory(tenant);
          }
          if (result.outcome !== 'read') {
            logger.warn(
              `The directory of ${tenant} was not followed: ${result.reason}`,
            );
          }
        } catch (error) {
          logger.error(
            `The directory of ${tenant} could not be followed`,
            isError(error) ? error : undefined,
          );
        }
      },
    });
  }
}
