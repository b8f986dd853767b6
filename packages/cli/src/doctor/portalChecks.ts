import { describeError } from '../output/describeError';
import { type PortalClient } from '../portal/PortalClient';
import { type Check } from './Check';

const WARN_SKEW_SECONDS = 30;
const FAIL_SKEW_SECONDS = 300;

/** Whether the address answers, and is ready. */
export async function checkPortal(
  client: PortalClient,
): Promise<{ check: Check; reachable: boolean; date?: Date }> {
  const name = 'portal';
  try {
    const { ok, status, date } = await client.fetch(
      '/.backstage/health/v1/readiness',
    );
    return {
      reachable: true,
      date,
      check: ok
        ? { name, status: 'ok', found: `${client.url} is ready` }
        : {
            name,
            status: 'failed',
            found: `${client.url} answers with HTTP ${status}`,
            hint:
              status === 503
                ? 'It is still starting: wait a moment'
                : 'Check with --url that this is the address of a Portico',
          },
    };
  } catch (error) {
    return {
      reachable: false,
      check: {
        name,
        status: 'failed',
        found: describeError(error),
        hint: 'Start the portal (npm start), or give its address with --url',
      },
    };
  }
}

/** A clock that is wrong makes good tokens look expired, or not yet valid. */
export function checkClock(portal: Date | undefined, here: Date): Check {
  const name = 'clock';
  if (!portal) {
    return {
      name,
      status: 'warning',
      found: 'the portal does not tell its time',
    };
  }
  const seconds = Math.round((here.getTime() - portal.getTime()) / 1000);
  const size = Math.abs(seconds);
  if (size <= WARN_SKEW_SECONDS) {
    return { name, status: 'ok', found: `${size} s apart from the portal` };
  }
  return {
    name,
    status: size > FAIL_SKEW_SECONDS ? 'failed' : 'warning',
    found: `this machine is ${size} s ${
      seconds > 0 ? 'ahead of' : 'behind'
    } the portal`,
    hint: 'Switch on time synchronisation on both machines',
  };
}
