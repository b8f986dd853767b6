import { isError } from '@backstage/errors';
import { appendAudit } from '@portico/plugin-audit-node';
import { letsMoreIn } from '@portico/plugin-promotions-common';
import { deliveryTarget } from '../effects/deliveryTarget';
import { type StoredRolloutAct } from '../store/RolloutActStore';
import { type StoredPromotion } from '../store/toPromotion';
import { promotionsAuditActs } from '../auditActs';
import { engineActor } from './actor';
import { type EffectRunner } from './EngineParts';
import { type GatesVerdict } from './judgeGates';
import { type Progress } from './Progress';
import { isTrouble } from './trouble';
import { withinTime } from './withinTime';

const LONGEST_MILLISECONDS = 30_000;
const AGAIN_MILLISECONDS = 2_000;
/** What was meant for now is not done much later, by surprise. */
const PATIENCE_MILLISECONDS = 60_000;
const LONGEST_OUTCOME = 1_000;

interface Result {
  state: 'done' | 'refused' | 'unanswered';
  reason: string;
}

/**
 * Does one thing that a person asked of a rollout. What lets more of the new in is asked of
 * the gates again first; holding it and going back never are.
 */
export async function steerRollout(options: {
  tenant: string;
  was: StoredPromotion;
  act: StoredRolloutAct;
  runner: Pick<EffectRunner, 'steer'>;
  askGates(): Promise<GatesVerdict>;
  now: () => Date;
  lost: AbortSignal;
}): Promise<Progress> {
  const { was, act, now } = options;
  const result = await tryOnce(options);
  const isLate = now().getTime() - Date.parse(act.at) > PATIENCE_MILLISECONDS;
  if (result.state === 'unanswered' && !isLate) {
    return {
      kind: 'wait',
      reason: `Nobody can tell yet whether the rollout obeys: ${result.reason}`,
      until: new Date(now().getTime() + AGAIN_MILLISECONDS),
    };
  }
  return {
    kind: 'wait',
    reason: was.promotion.reason,
    // The rollout is looked at again at once.
    until: now(),
    keep: stores => keep(stores, options, result),
  };
}

async function tryOnce({
  tenant,
  was,
  act,
  runner,
  askGates,
  lost,
}: Parameters<typeof steerRollout>[0]): Promise<Result> {
  try {
    if (letsMoreIn(act.action)) {
      const verdict = await askGates();
      if (verdict.outcome !== 'passed') {
        return {
          state: 'refused',
          reason: `The gates let no more in now: ${verdict.reason}`,
        };
      }
    }
    const { state, reason } = await withinTime(
      'Steering the rollout',
      LONGEST_MILLISECONDS,
      lost,
      signal =>
        runner.steer(
          deliveryTarget(tenant, was.promotion, was.stage),
          act,
          signal,
        ),
    );
    return { state, reason };
  } catch (error) {
    if (lost.aborted || !isTrouble(error)) {
      throw error;
    }
    return {
      state: 'unanswered',
      reason: isError(error) ? error.message : 'unknown error',
    };
  }
}

async function keep(
  stores: Parameters<NonNullable<Progress['keep']>>[0],
  { tenant, was, act, now }: Parameters<typeof steerRollout>[0],
  { state, reason }: Result,
): Promise<void> {
  const { id, component, environment, phase, revision } = was.promotion;
  const at = now();
  const outcome = reason.slice(0, LONGEST_OUTCOME);
  if (!(await stores.rolloutActs.end(act.id, { state, outcome, at }))) {
    return;
  }
  await appendAudit(stores.transaction, {
    chain: tenant,
    act: promotionsAuditActs.endRolloutAct,
    context: engineActor(tenant, was.promotion).context,
    subject: { kind: 'promotion', ref: id },
    correlation: id,
    outcome: state === 'done' ? 'succeeded' : 'failed',
    reason: outcome,
    details: {
      component,
      environment,
      action: act.action,
      rollout: act.rollout,
      askedBy: act.by,
      state,
    },
  });
  await stores.history.addEvent(
    { type: 'promotion', id, component, environment, phase, revision },
    at,
  );
}
