import {
  createPorticoDatabase,
  type PorticoDatabaseConnection,
} from '@portico/database';
import { type DemoHistory } from '@portico/demo';
import { writeSampleHistory } from '@portico/plugin-promotions-backend/sample';

/**
 * Writes the made-up past of a demo organisation into the portal's own database. It is done
 * from here because no route of a portal can, so that no production portal ever has one.
 *
 * @returns whether there was something to write
 */
export async function writeDemoHistory(
  { tenant, components }: DemoHistory,
  options: { connection: PorticoDatabaseConnection; signal: AbortSignal },
): Promise<boolean> {
  const { connection, signal } = options;
  const database = createPorticoDatabase({ connection, maximumConnections: 1 });
  try {
    const written = await writeSampleHistory({
      database,
      tenant,
      components,
      until: new Date(),
      signal,
    });
    return written.components > 0;
  } finally {
    await database.close();
  }
}
