import {
  lineStopSchema,
  windowCalendarSchema,
} from '@portico/plugin-promotions-common';
import { type DemoOrganisation } from './organisations';
import { type PortalClient } from './PortalClient';

const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;

/**
 * Stops the line of an environment, unless it is stopped. Whoever lifts it wants it lifted:
 * it is stopped only while the promotions that it holds up are made.
 *
 * @returns whether there was something to do
 */
export async function stopLine(
  client: PortalClient,
  stop: NonNullable<DemoOrganisation['stop']>,
): Promise<'created' | 'existing'> {
  const { environment, reason } = stop;
  const now = Date.now();
  const query = new URLSearchParams({
    from: new Date(now).toISOString(),
    to: new Date(now + DAY_MILLISECONDS).toISOString(),
  });
  const { stops } = await client.get(
    `/api/promotions/windows?${query}`,
    windowCalendarSchema,
  );
  if (stops.some(known => known.environment === environment && !known.lifted)) {
    return 'existing';
  }
  await client.post(
    '/api/promotions/stops',
    { environment, reason },
    lineStopSchema,
  );
  return 'created';
}
