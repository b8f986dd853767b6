import { z } from 'zod';

/**
 * Where a promotion stands. The last eight are ends: `rejected` by a person, `failed`
 * is a "no", `errored` is "could not tell", and
 * `rolledBack` is a "no" after which the pipeline brings back what ran before.
 */
export const promotionPhaseSchema = z.enum([
  'pending',
  'evaluating',
  'waiting',
  'ready',
  'running',
  'verifying',
  'succeeded',
  'rejected',
  'failed',
  'errored',
  'expired',
  'superseded',
  'cancelled',
  'rolledBack',
]);
export type PromotionPhase = z.infer<typeof promotionPhaseSchema>;

/** What can happen to a promotion. */
export const promotionEventSchema = z.enum([
  /** Its gates are asked, for the first time or again. */
  'evaluate',
  /** At least one gate has no answer yet. */
  'gatesWait',
  'gatesPass',
  /** A gate says no for good. */
  'gateRefuses',
  /** A person says no to what was shown. */
  'reject',
  /** The gates passed again right before, and the target is free. */
  'begin',
  /** What would be written is not what was shown, and nothing was done yet. */
  'stale',
  /** Every effect was done or found done. */
  'effectsDone',
  /** What was asked for runs and is healthy. */
  'verify',
  /** It does not run, or not healthily, in the time it has. */
  'fail',
  /** A driver could not tell what happened, and does not try any more. */
  'giveUp',
  /** The same, and the pipeline asks at once for the release that ran before. */
  'rollBack',
  'expire',
  /** A newer promotion to the same target takes its place. */
  'supersede',
  'cancel',
]);
export type PromotionEvent = z.infer<typeof promotionEventSchema>;

/** Phases in which something outside may change; one promotion per target at most. */
const actingPhases = ['running', 'verifying'] as const;

/** Whether a promotion may change something outside, so that no other of its target may. */
export function isActing(phase: PromotionPhase): boolean {
  return (actingPhases as readonly string[]).includes(phase);
}

/** Whether nothing can happen to a promotion any more. */
export function isEnd(phase: PromotionPhase): boolean {
  return promotionEventSchema.options.every(
    event => nextPhase(phase, event) === undefined,
  );
}

/** What can happen to whatever has done nothing yet. */
const beforeActing = {
  expire: 'expired',
  supersede: 'superseded',
  cancel: 'cancelled',
  giveUp: 'errored',
} as const;

/** Every phase, what can happen there, and where that leads. */
const transitions: Record<
  PromotionPhase,
  Partial<Record<PromotionEvent, PromotionPhase>>
> = {
  pending: { evaluate: 'evaluating', ...beforeActing },
  evaluating: {
    gatesWait: 'waiting',
    gatesPass: 'ready',
    gateRefuses: 'failed',
    reject: 'rejected',
    ...beforeActing,
  },
  waiting: { evaluate: 'evaluating', reject: 'rejected', ...beforeActing },
  ready: {
    // Something changed since: what was shown, a freeze, a group.
    evaluate: 'evaluating',
    reject: 'rejected',
    begin: 'running',
    ...beforeActing,
  },
  running: {
    stale: 'evaluating',
    effectsDone: 'verifying',
    fail: 'failed',
    giveUp: 'errored',
    rollBack: 'rolledBack',
  },
  verifying: {
    verify: 'succeeded',
    fail: 'failed',
    giveUp: 'errored',
    rollBack: 'rolledBack',
  },
  succeeded: {},
  rejected: {},
  failed: {},
  errored: {},
  expired: {},
  superseded: {},
  cancelled: {},
  rolledBack: {},
};

/**
 * The phase that an event leads to, `undefined` when it cannot happen there.
 *
 * What has begun to act is never superseded, cancelled or expired: it ends by what it finds
 * outside. Only before its first effect it can be asked about again.
 */
export function nextPhase(
  phase: PromotionPhase,
  event: PromotionEvent,
): PromotionPhase | undefined {
  return transitions[phase][event];
}
