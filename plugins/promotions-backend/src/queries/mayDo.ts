import {
  isActing,
  nextPhase,
  type Override,
  type Promotion,
  type PromotionDetail,
  promotionOverridePermission,
  promotionRequestPermission,
  promotionVotePermission,
  type Vote,
} from '@portico/plugin-promotions-common';
import { judgeVotes, type VotesToJudge, wouldHelp } from './judgeVotes';

/** What is looked at to tell what somebody may do. */
export interface MayFacts {
  promotion: Promotion;
  votes: VotesToJudge;
  overrides: readonly Override[];
  gates: PromotionDetail['gates'];
  /** The promotion whose release runs in the environment now. */
  runs: string | undefined;
  /** Who asks. */
  caller: {
    ref: string;
    kind: 'person' | 'machine';
    /** Names of permissions. */
    holds: ReadonlySet<string>;
  };
}

type May = PromotionDetail['may'];
type Answer = May[keyof May];

const yes = (why: string): Answer => ({ allowed: true, why });
const no = (why: string): Answer => ({ allowed: false, why });

/** What somebody may do with a promotion now, and if not, why; in words. */
export function mayDo(facts: MayFacts): May {
  const canVote = () =>
    heldByPerson(facts, promotionVotePermission.name) ?? canBeVotedOn(facts);
  const canOverride = () =>
    heldByPerson(facts, promotionOverridePermission.name);
  const canRequest = () => held(facts, promotionRequestPermission.name);
  return {
    approve: canVote() ?? mayApprove(facts),
    reject: canVote() ?? mayReject(facts),
    withdraw: canVote() ?? mayWithdraw(facts),
    cancel: canRequest() ?? mayCancel(facts),
    breakGlass: canOverride() ?? mayBreakGlass(facts),
    confirmBreakGlass: canOverride() ?? mayConfirm(facts),
    review: canOverride() ?? mayReview(facts),
    rollBack: canRequest() ?? mayRollBack(facts),
  };
}

function held({ caller }: MayFacts, permission: string): Answer | undefined {
  return caller.holds.has(permission)
    ? undefined
    : no(`You do not hold the permission ${permission}.`);
}

function heldByPerson(facts: MayFacts, permission: string): Answer | undefined {
  return facts.caller.kind === 'person'
    ? held(facts, permission)
    : no('A machine does not decide for people.');
}

function hasNotBegun({ phase }: Promotion): boolean {
  return nextPhase(phase, 'cancel') === 'cancelled';
}

function canBeVotedOn({ promotion, votes }: MayFacts): Answer | undefined {
  if (!hasNotBegun(promotion)) {
    return no(
      isActing(promotion.phase)
        ? 'It has begun: votes change nothing any more.'
        : 'It is over.',
    );
  }
  if (votes.gates.length === 0) {
    return no('No gate asks for approvals.');
  }
  return promotion.subject === undefined
    ? no('What would change is not worked out yet.')
    : undefined;
}

/** The last vote of the caller on what is shown. */
function lastVoteOf({ votes, caller }: MayFacts): Vote | undefined {
  return votes.votes.findLast(
    vote => vote.voter === caller.ref && vote.subject === votes.subject,
  );
}

const exclusions = {
  requester: 'You asked for it: somebody else has to approve.',
  author: 'You wrote a commit of it: somebody else has to approve.',
  gateEditor: 'You changed its gates last: somebody else has to approve.',
} as const;

function mayApprove(facts: MayFacts): Answer {
  const { votes, caller } = facts;
  const excluded = votes.excluded.find(({ ref }) => ref === caller.ref);
  if (excluded) {
    return no(exclusions[excluded.why]);
  }
  if (hasRejected(facts)) {
    return no('You rejected what is shown, which stands.');
  }
  if (lastVoteOf(facts)?.decision === 'approve' && counts(facts)) {
    return no('You approved what is shown already.');
  }
  if (!fitsARule(facts)) {
    return no(`No rule asks for you: ${rulesInWords(facts)}.`);
  }
  return wouldHelp(votes, caller.ref)
    ? yes('Your approval counts.')
    : no('Enough people have approved.');
}

function mayReject(facts: MayFacts): Answer {
  if (hasRejected(facts)) {
    return no('You rejected what is shown already.');
  }
  return fitsARule(facts)
    ? yes('Your reject ends it, whatever others say.')
    : no(`No rule asks for you: ${rulesInWords(facts)}.`);
}

function mayWithdraw(facts: MayFacts): Answer {
  return lastVoteOf(facts)?.decision === 'approve'
    ? yes('Your approval would not count any more.')
    : no('You have no approval of what is shown.');
}

function mayCancel({ promotion }: MayFacts): Answer {
  return hasNotBegun(promotion)
    ? yes('It has not begun.')
    : no(
        isActing(promotion.phase)
          ? 'It has begun, and ends by what it finds outside.'
          : 'It is over.',
      );
}

function mayBreakGlass({ promotion, gates, overrides, votes }: MayFacts) {
  if (!hasNotBegun(promotion)) {
    return no('There is nothing to go past: it has begun, or is over.');
  }
  if (overrides.some(override => isOpen(override, votes.now))) {
    return no('The glass is broken already.');
  }
  if (gates.some(({ outcome }) => outcome === 'failed')) {
    return no('A gate says no for good, which nobody can go past.');
  }
  const isHeldUp = gates.some(
    ({ outcome }) => outcome === 'waiting' || outcome === 'unanswered',
  );
  return isHeldUp
    ? yes('A second person has to confirm, and a third reviews it afterwards.')
    : no('No gate holds it up.');
}

function mayConfirm({ promotion, overrides, votes, caller }: MayFacts) {
  const waiting = overrides.find(
    override => !override.confirmed && isOpen(override, votes.now),
  );
  if (!waiting || !hasNotBegun(promotion)) {
    return no('There is nothing to confirm.');
  }
  return waiting.by === caller.ref
    ? no('You broke the glass: somebody else has to confirm.')
    : yes('With your word the named gates are gone past.');
}

function mayReview({ overrides, caller }: MayFacts) {
  const waiting = overrides.find(({ confirmed, review }) =>
    Boolean(confirmed && !review),
  );
  if (!waiting) {
    return no('There is nothing to review.');
  }
  return waiting.by === caller.ref || waiting.confirmed?.by === caller.ref
    ? no('You took part in it: somebody else has to review.')
    : yes('You took no part in it.');
}

function mayRollBack({ promotion, runs }: MayFacts): Answer {
  const { before } = promotion;
  if (promotion.sample) {
    return no('It is of the sample history of the demo, and deployed nothing.');
  }
  if (!before) {
    return no('Nothing ran there before.');
  }
  if (before.id === promotion.release.id) {
    return no('The same release ran there before.');
  }
  if (['failed', 'errored', 'rolledBack'].includes(promotion.phase)) {
    return yes(`It goes back to ${before.content.version}.`);
  }
  if (promotion.phase !== 'succeeded') {
    return no('It did not change what runs.');
  }
  return runs === promotion.id
    ? yes(`It goes back to ${before.content.version}.`)
    : no('Something else runs there by now.');
}

function isOpen(override: Override, now: Date): boolean {
  return Date.parse(override.expiresAt) > now.getTime();
}

function hasRejected({ votes, caller }: MayFacts): boolean {
  const { standings } = judgeVotes(votes);
  return votes.votes.some(
    (vote, index) =>
      vote.voter === caller.ref && standings[index] === 'rejects',
  );
}

function counts({ votes, caller }: MayFacts): boolean {
  const { standings } = judgeVotes(votes);
  return votes.votes.some(
    (vote, index) =>
      vote.voter === caller.ref &&
      (standings[index] === 'counts' || standings[index] === 'spare'),
  );
}

function fitsARule({ votes, caller }: MayFacts): boolean {
  const belongsTo = votes.voters.find(
    ({ ref }) => ref === caller.ref,
  )?.belongsTo;
  return votes.gates.some(({ options }) =>
    options.rules.some(({ from }) =>
      from.some(one => belongsTo?.includes(one)),
    ),
  );
}

function rulesInWords({ votes }: MayFacts): string {
  return votes.gates
    .flatMap(({ options }) => options.rules)
    .map(({ name, required, from }) =>
      [`${name} asks for ${required} of`, from.join(', ')].join(' '),
    )
    .join('; ');
}
