import { z } from 'zod';

/**
 * Where a promotion stands. The last eight are ends: `rejected` by a person, `failed`
 * is a "no", `errored` is "could not tell".
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
  /** The release before it runs again. */
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
  switch (phase) {
    case 'pending':
      return event === 'evaluate' ? 'evaluating' : beforeActing(event);
    case 'evaluating':
      switch (event) {
        case 'gatesWait':
          return 'waiting';
        case 'gatesPass':
          return 'ready';
        case 'gateRefuses':
          return 'failed';
        case 'reject':
          return 'rejected';
        default:
          return beforeActing(event);
      }
    case 'waiting':
      switch (event) {
        case 'evaluate':
          return 'evaluating';
        case 'reject':
          return 'rejected';
        default:
          return beforeActing(event);
      }
    case 'ready':
      switch (event) {
        // Something changed since: what was shown, a freeze, a group.
        case 'evaluate':
          return 'evaluating';
        case 'reject':
          return 'rejected';
        case 'begin':
          return 'running';
        default:
          return beforeActing(event);
      }
    case 'running':
      switch (event) {
        case 'stale':
          return 'evaluating';
        case 'effectsDone':
          return 'verifying';
        case 'fail':
          return 'failed';
        case 'giveUp':
          return 'errored';
        default:
          return undefined;
      }
    case 'verifying':
      switch (event) {
        case 'verify':
          return 'succeeded';
        case 'fail':
          return 'failed';
        case 'giveUp':
          return 'errored';
        case 'rollBack':
          return 'rolledBack';
        default:
          return undefined;
      }
    case 'succeeded':
    case 'rejected':
    case 'failed':
    case 'errored':
    case 'expired':
    case 'superseded':
    case 'cancelled':
    case 'rolledBack':
      return undefined;
    default:
      return phase satisfies never;
  }
}

function beforeActing(event: PromotionEvent): PromotionPhase | undefined {
  switch (event) {
    case 'expire':
      return 'expired';
    case 'supersede':
      return 'superseded';
    case 'cancel':
      return 'cancelled';
    case 'giveUp':
      return 'errored';
    default:
      return undefined;
  }
}
