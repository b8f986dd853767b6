import { type LoggerService } from '@backstage/backend-plugin-api';
import { type PorticoDatabase } from '@portico/database';
import { type SigningKey } from '@portico/plugin-audit-common/chain';
import { CheckpointMaker } from './checkpoints/CheckpointMaker';
import { type AuditConfig } from './config/readAuditConfig';
import { createDestination } from './destinations/createDestination';
import { DeliveryStore } from './destinations/DeliveryStore';
import { DeliveryWorker } from './destinations/DeliveryWorker';
import { Relay } from './relay/Relay';
import { RetentionWorker } from './retention/RetentionWorker';

/**
 * Starts what works in the background: relay, checkpoints, their deliveries, retention.
 *
 * @returns ends it cleanly: pieces of work in hand are finished or given up
 */
export function startEngine(options: {
  database: PorticoDatabase;
  settings: AuditConfig;
  key: SigningKey;
  now: () => Date;
  logger: LoggerService;
}): { stop: () => Promise<void> } {
  const { settings, key, ...services } = options;
  const store = new DeliveryStore(services);
  const deliveries = settings.checkpoints.destinations.map(
    config =>
      new DeliveryWorker({
        ...services,
        store,
        destination: createDestination(config, settings),
        secrets: [
          'password' in config ? config.password : undefined,
          'secretAccessKey' in config ? config.secretAccessKey : undefined,
        ].filter(secret => secret !== undefined),
      }),
  );
  const workers = [
    new Relay({ ...services, origin: settings.origin }),
    new CheckpointMaker({
      ...services,
      ...settings.checkpoints,
      key,
      onMade: () => deliveries.forEach(delivery => delivery.wake()),
    }),
    new RetentionWorker({ ...services, retention: settings.retention }),
    ...deliveries,
  ];
  workers.forEach(worker => worker.start());
  return {
    async stop() {
      await Promise.all(workers.map(worker => worker.stop()));
    },
  };
}
