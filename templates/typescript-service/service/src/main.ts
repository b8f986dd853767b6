import { ConfigurationError, readConfiguration } from './configuration.js';
import { createLogger } from './logger.js';
import { SERVICE_NAME, startService } from './service.js';

async function main(): Promise<void> {
  const configuration = readConfiguration(process.env);
  const logger = createLogger({
    service: SERVICE_NAME,
    level: configuration.logLevel,
  });
  const service = await startService({ configuration, logger });

  let ending = false;
  const end = () => {
    if (ending) {
      return;
    }
    ending = true;
    void service.stop().then(() => process.exit(0));
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}

main().catch((error: unknown) => {
  createLogger({ service: SERVICE_NAME, level: 'error' }).log(
    'error',
    error instanceof Error ? error.message : String(error),
    error instanceof ConfigurationError || !(error instanceof Error)
      ? undefined
      : { stack: error.stack },
  );
  process.exit(1);
});
