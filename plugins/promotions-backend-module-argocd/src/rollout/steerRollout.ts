import { ServiceUnavailableError } from '@backstage/errors';
import {
  type RolloutOutcome,
  type RolloutWish,
} from '@portico/plugin-promotions-node';
import {
  type ApplicationAddress,
  type ArgoCdClient,
  type Refusal,
} from '../client/ArgoCdClient';
import { type Rollout } from '../client/rollout';
import { refusalReason } from '../driver/refusalReason';
import { rolloutsOf } from './readRollouts';
import { isFullyPromoted, isPaused, positionOf } from './rolloutProgress';

/** What to do about a wish: an action of Argo CD, or nothing any more. */
export type SteeringDecision =
  | { kind: 'later' }
  | { kind: 'act'; action: 'pause' | 'resume' | 'promote-full' | 'abort' }
  | ({ kind: 'end' } & RolloutOutcome);

/**
 * Does what a person wants of a rollout. It looks first: what is done already is not done
 * again, and what was asked of something else than what runs now is not done at all.
 *
 * @throws ServiceUnavailableError when nobody can tell whether it was done
 */
export async function steerRollout(options: {
  client: ArgoCdClient;
  address: ApplicationAddress;
  wish: RolloutWish;
  signal: AbortSignal;
}): Promise<RolloutOutcome> {
  const { client, address, wish, signal } = options;
  const application = await client.application(address, signal);
  if (application.outcome === 'refused') {
    return refused(refusalReason(address, application));
  }
  const name = rolloutsOf(application.value).find(
    one => `${one.namespace}/${one.name}` === wish.rollout,
  );
  if (!name) {
    return refused(`${address.name} has no rollout ${wish.rollout}`);
  }
  const rollout = await client.rollout(address, name, signal);
  if (rollout.outcome === 'refused') {
    return refused(refusalReason(address, rollout));
  }
  const decision = decideSteering(rollout.value, wish);
  if (decision.kind === 'later') {
    throw new ServiceUnavailableError(
      `The controller of ${wish.rollout} has not seen yet what is declared`,
    );
  }
  if (decision.kind === 'end') {
    return { state: decision.state, reason: decision.reason };
  }
  const answer = await client.runRolloutAction(
    address,
    name,
    decision.action,
    signal,
  );
  return answer.outcome === 'answered'
    ? { state: 'done', reason: `Argo CD did it (${decision.action})` }
    : refused(whyNotDone(address, decision.action, answer));
}

/** Whether a wish is still to be done, and by which action of Argo CD. */
export function decideSteering(
  rollout: Rollout,
  { action, seen }: Pick<RolloutWish, 'action' | 'seen'>,
): SteeringDecision {
  const { spec, status } = rollout;
  const position = positionOf(rollout);
  if (!position) {
    return { kind: 'later' };
  }
  if (position.pods !== seen.pods) {
    return end('refused', 'Something else is rolled out by now: look again');
  }
  const isAborted = Boolean(status?.abort);
  if (isAborted) {
    return action === 'abort'
      ? end('done', 'It is aborted')
      : end('refused', 'It was aborted: promote the release again');
  }
  if (isFullyPromoted(rollout)) {
    return action === 'promote' || action === 'promoteFully'
      ? end('done', 'The new runs alone already')
      : end('refused', 'The new runs alone already: roll back instead');
  }
  switch (action) {
    case 'abort':
      return { kind: 'act', action: 'abort' };
    case 'pause':
      return spec.paused
        ? end('done', 'It is paused')
        : { kind: 'act', action: 'pause' };
    case 'promote':
      // Past this pause, and not past the next that nobody has looked at.
      return position.step !== seen.step || !isPaused(rollout)
        ? end('done', 'It has gone on')
        : { kind: 'act', action: 'resume' };
    case 'promoteFully':
      return status?.promoteFull
        ? end('done', 'It leaves out what is left')
        : { kind: 'act', action: 'promote-full' };
    default:
      throw new Error(`Unknown action ${action satisfies never}`);
  }
}

function end(
  state: RolloutOutcome['state'],
  reason: string,
): { kind: 'end' } & RolloutOutcome {
  return { kind: 'end', state, reason };
}

function refused(reason: string): RolloutOutcome {
  return { state: 'refused', reason };
}

function whyNotDone(
  address: ApplicationAddress,
  action: string,
  refusal: Refusal,
): string {
  switch (refusal.status) {
    case 401:
      return refusalReason(address, refusal);
    case 403:
      return `The credential may not do it; give its account the right 'action/argoproj.io/Rollout/${action}' on ${address.project}/${address.name} in Argo CD, then ask again`;
    case 404:
      return `Argo CD ${address.system.name} does not know this way of asking, or the rollout is gone; it takes Argo CD 3.1 or later`;
    default:
      return `Argo CD refuses it: ${refusal.message}`;
  }
}
