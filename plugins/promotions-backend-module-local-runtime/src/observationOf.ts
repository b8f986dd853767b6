import {
  type EnvironmentStatus,
  LOCAL_RUNTIME_NAME,
  type Revision,
} from '@portico/plugin-local-runtime-common';
import { type Observation } from '@portico/plugin-promotions-common';

type Health = Observation['health'];

/**
 * What the local runtime says of an environment, in the words of deliveries.
 *
 * One that sleeps is as it should be: it ran, and the next request starts it again.
 *
 * @param component - the name of the image as well
 */
export function observationOf(
  component: string,
  status: EnvironmentStatus | undefined,
  now: Date,
): Observation {
  const say = (
    health: Health,
    reason: string,
    revision?: Revision,
  ): Observation => ({
    health,
    reason,
    running: revision ? [{ name: component, digest: revision.digest }] : [],
    source: LOCAL_RUNTIME_NAME,
    observedAt: now.toISOString(),
    ...(status?.address && { url: status.address }),
  });
  const why = (otherwise: string) => status?.reason?.message ?? otherwise;
  if (!status) {
    return say('missing', 'The local runtime knows no such environment yet');
  }
  switch (status.state) {
    case 'notDeclared':
      return say('missing', 'The deployment repository names no image');
    case 'stopped':
      return say('suspended', 'The deployment repository asks for 0 replicas');
    case 'sleeping':
      return say(
        'healthy',
        'It sleeps; the next request starts it',
        status.declared,
      );
    case 'starting':
      return say('progressing', why('It starts'), status.running);
    case 'running':
      return status.reason
        ? say('degraded', status.reason.message, status.running)
        : say('healthy', 'It answers at its readiness path', status.running);
    case 'unhealthy':
      return say(
        'degraded',
        why('It does not answer at its readiness path'),
        status.running,
      );
    case 'crashing':
      return say('degraded', why('It ended by itself'), status.running);
    case 'failed':
      return say('degraded', why('It cannot be started'), status.running);
    default:
      throw new Error(`Unknown state ${status.state satisfies never}`);
  }
}
