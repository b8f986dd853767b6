import { readConfiguration } from '../src/configuration.js';
import { createLogger } from '../src/logger.js';
import { startService } from '../src/service.js';

/** Starts the whole service on a free port, and ends it. */
export async function withService(
  use: (service: {
    address: string;
    logLines: () => Array<Record<string, unknown>>;
  }) => Promise<void>,
): Promise<void> {
  const lines: string[] = [];
  const service = await startService({
    configuration: readConfiguration({
      HOST: '127.0.0.1',
      PORT: '0',
      DRAIN_SECONDS: '0',
    }),
    logger: createLogger({
      service: 'test',
      level: 'debug',
      write: line => lines.push(line),
    }),
  });
  try {
    await use({
      address: `http://127.0.0.1:${service.port}`,
      logLines: () => lines.map(line => JSON.parse(line)),
    });
  } finally {
    await service.stop();
  }
}
