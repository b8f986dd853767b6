import {
  type EffectContext,
  type EffectOutcome,
} from '@portico/plugin-promotions-node';
import {
  type ApplicationAddress,
  type ArgoCdClient,
} from '../client/ArgoCdClient';
import { describe, healthOf } from '../driver/applicationState';
import { refusalReason } from '../driver/refusalReason';
import { noRollout, readRollouts } from './readRollouts';
import { rolloutProgress } from './rolloutProgress';

const SOON_MS = 5_000;
const LATER_MS = 20_000;

/**
 * Waits until what was synced is rolled out to all. Nothing is asked for here: the rollout
 * goes its own way, and people steer it.
 */
export async function performRollout(options: {
  client: ArgoCdClient;
  address: ApplicationAddress;
  url: string;
  context: EffectContext;
}): Promise<EffectOutcome> {
  const { client, address, url, context } = options;
  const { now, signal, stage } = context;
  const wait = (milliseconds: number, reason: string): EffectOutcome => ({
    state: 'waiting',
    reason,
    askAgainAt: new Date(now.getTime() + milliseconds),
  });
  const answer = await client.application(address, signal, { refresh: true });
  if (answer.outcome === 'refused') {
    return wait(LATER_MS, refusalReason(address, answer));
  }
  const application = answer.value;
  const live = await readRollouts(client, address, application, signal);
  if (live.outcome === 'refused') {
    return wait(
      LATER_MS,
      live.status === 401
        ? refusalReason(address, live)
        : `Argo CD ${address.system.name} shows no rollout of ${address.name} yet, or the credential may not see it: ${live.message}`,
    );
  }
  const rollouts = live.value.map(rolloutProgress);
  if (rollouts.length === 0) {
    return (application.status?.resources.length ?? 0) === 0
      ? wait(SOON_MS, `Argo CD does not say yet what ${address.name} holds`)
      : { state: 'failed', reason: noRollout(address, stage.strategy) };
  }
  const aborted = rollouts.find(({ state }) => state === 'aborted');
  if (aborted) {
    return {
      state: 'failed',
      reason: `${aborted.name}: ${aborted.reason}. The deployment repository still names this release: roll back, so that both say the same`,
    };
  }
  const open = rollouts.find(({ state }) => state !== 'healthy');
  if (open) {
    return wait(
      open.state === 'paused' ? LATER_MS : SOON_MS,
      `${open.name}: ${open.reason}`,
    );
  }
  return healthOf(application) === 'healthy'
    ? {
        state: 'confirmed',
        remote: {
          id: `rollout ${rollouts.map(({ name }) => name).join(', ')}`,
          url,
          adopted: false,
        },
      }
    : wait(
        SOON_MS,
        `Rolled out, and not healthy yet: ${describe(application)}`,
      );
}
