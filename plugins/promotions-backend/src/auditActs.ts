import { type AuditAct } from '@portico/plugin-audit-common';
import { defineAuditAct } from '@portico/plugin-audit-node';
import { type PromotionEvent } from '@portico/plugin-promotions-common';

const fieldsOfPromotion = [
  'component',
  'environment',
  'release',
  'from',
  'to',
  'subject',
];

function transitionAct(
  verb: string,
  severity: AuditAct['severity'],
  when: string,
): AuditAct {
  return defineAuditAct({
    name: `promotions.promotion.${verb}`,
    severity,
    when,
    fields: fieldsOfPromotion,
  });
}

/** One act per thing that can happen to a promotion: each transition is one entry. */
export const transitionActs: Record<PromotionEvent, AuditAct> = {
  evaluate: transitionAct(
    'evaluate',
    'low',
    'The gates of a promotion are asked.',
  ),
  gatesWait: transitionAct(
    'wait',
    'low',
    'A gate of a promotion has no yes yet.',
  ),
  gatesPass: transitionAct(
    'pass',
    'medium',
    'All gates of a promotion say yes.',
  ),
  gateRefuses: transitionAct(
    'refuse',
    'medium',
    'A gate of a promotion says no for good.',
  ),
  reject: transitionAct(
    'reject',
    'medium',
    'A person rejects what a promotion shows.',
  ),
  begin: transitionAct(
    'begin',
    'high',
    'A promotion begins to change the deployment repository; its gates passed again.',
  ),
  stale: transitionAct(
    'ask-again',
    'medium',
    'What a promotion would write is not what was shown any more; nothing was written.',
  ),
  effectsDone: transitionAct(
    'apply',
    'medium',
    'All effects of a promotion are done.',
  ),
  verify: transitionAct(
    'succeed',
    'high',
    'What a promotion brought runs and is healthy.',
  ),
  fail: transitionAct(
    'fail',
    'high',
    'A promotion could not bring its release, or it is not healthy in time.',
  ),
  giveUp: transitionAct(
    'give-up',
    'high',
    'Portico could not tell what became of a promotion, and stopped trying.',
  ),
  rollBack: transitionAct(
    'roll-back',
    'high',
    'What a promotion brought is not healthy in time, and the pipeline asks for the release that ran before.',
  ),
  expire: transitionAct(
    'expire',
    'medium',
    'Nobody let a promotion through in time.',
  ),
  supersede: transitionAct(
    'supersede',
    'medium',
    'A newer promotion to the same environment takes the place of one that had not begun.',
  ),
  cancel: transitionAct(
    'cancel',
    'medium',
    'A person cancels a promotion that had not begun.',
  ),
};

/** The acts of promotions, each recorded in the chain of the tenant. */
export const promotionsAuditActs = {
  ...transitionActs,
  announceRelease: defineAuditAct({
    name: 'promotions.release.announce',
    severity: 'low',
    when: 'A release is announced for the first time, or found in the deployment repository.',
    fields: ['component', 'version', 'found', 'commit'],
  }),
  rejectRelease: defineAuditAct({
    name: 'promotions.release.reject',
    severity: 'high',
    when: 'A release is rejected for good.',
    fields: ['component', 'version'],
  }),
  requestPromotion: defineAuditAct({
    name: 'promotions.promotion.request',
    severity: 'medium',
    when: 'A promotion is asked for, by a person, a program or the pipeline.',
    fields: ['component', 'environment', 'release', 'kind', 'automatic'],
  }),
  castVote: defineAuditAct({
    name: 'promotions.vote.cast',
    severity: 'high',
    when: 'A person approves or rejects a promotion, or withdraws a vote.',
    fields: ['decision', 'subject', 'representing'],
  }),
  breakGlass: defineAuditAct({
    name: 'promotions.override.request',
    severity: 'critical',
    when: 'A person asks to go past gates of a promotion.',
    fields: ['gates', 'ticket', 'expiresAt'],
  }),
  confirmBreakGlass: defineAuditAct({
    name: 'promotions.override.confirm',
    severity: 'critical',
    when: 'A second person confirms that gates are gone past.',
    fields: ['gates', 'ticket', 'askedBy'],
  }),
  reviewOverride: defineAuditAct({
    name: 'promotions.override.review',
    severity: 'high',
    when: 'A third person reviews that gates were gone past.',
    fields: ['finding', 'ticket'],
  }),
  steerRollout: defineAuditAct({
    name: 'promotions.rollout.ask',
    severity: 'high',
    when: 'A person asks to pause, to promote or to abort a rollout that is under way.',
    fields: ['component', 'environment', 'action', 'rollout'],
  }),
  endRolloutAct: defineAuditAct({
    name: 'promotions.rollout.steer',
    severity: 'high',
    when: 'What a person asked of a rollout is done, refused, or got no answer.',
    fields: [
      'component',
      'environment',
      'action',
      'rollout',
      'askedBy',
      'state',
    ],
  }),
  hold: defineAuditAct({
    name: 'promotions.hold.set',
    severity: 'medium',
    when: 'Automation is switched off for a component in an environment.',
    fields: ['environment'],
  }),
  releaseHold: defineAuditAct({
    name: 'promotions.hold.release',
    severity: 'medium',
    when: 'Automation is switched on again for a component in an environment.',
    fields: ['environment'],
  }),
  stopLine: defineAuditAct({
    name: 'promotions.stop.set',
    severity: 'high',
    when: 'The line is stopped: nothing new begins.',
    fields: ['environment'],
  }),
  liftStop: defineAuditAct({
    name: 'promotions.stop.lift',
    severity: 'high',
    when: 'A stop of the line is lifted.',
    fields: ['environment'],
  }),
  muteDrift: defineAuditAct({
    name: 'promotions.drift.mute',
    severity: 'medium',
    when: 'A drift is muted: nobody is told of it until then.',
    fields: ['component', 'environment', 'class', 'until'],
  }),
} as const;
