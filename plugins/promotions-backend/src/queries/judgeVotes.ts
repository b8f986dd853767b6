import {
  approvalGateOptionsSchema,
  type ApprovalGateOptions,
  type ApprovalStanding,
  type FrozenGate,
  type GateResult,
  judgeApproval,
  type PromotionDetail,
  type Vote,
  type Voter,
  type VoteStanding,
  withDependants,
} from '@portico/plugin-promotions-common';
import { z } from 'zod';

/** What an approval gate keeps where a rule asks owners of dependants. */
const evidenceSchema = z.object({
  dependants: z.object({ count: z.number(), owners: z.array(z.string()) }),
});

/** An approval gate with its options. */
export interface ApprovalGate {
  name: string;
  options: ApprovalGateOptions;
}

/** What the votes on a promotion come to, gate by gate. */
export interface JudgedVotes {
  gates: Array<{ gate: string; standing: ApprovalStanding }>;
  /** In the order of the votes: the best that a gate says. */
  standings: VoteStanding[];
}

/** What votes are judged with. */
export interface VotesToJudge<TVote extends Vote = Vote> {
  gates: readonly ApprovalGate[];
  votes: readonly TVote[];
  subject: string | undefined;
  voters: readonly Voter[];
  excluded: PromotionDetail['excluded'];
  now: Date;
}

/** Best first: where several gates look at a vote, one that it fills is enough. */
const bestFirst: readonly VoteStanding[] = [
  'rejects',
  'counts',
  'spare',
  'withdrawn',
  'replaced',
  'expired',
  'signInTooOld',
  'excluded',
  'stale',
  'notEligible',
];

/**
 * The approval gates of a promotion, with the owners of dependants as the gates found them
 * last; where they said nothing yet, a rule for those is one that nobody can fill.
 */
export function approvalGatesOf(
  gates: readonly FrozenGate[],
  results: ReadonlyArray<Pick<GateResult, 'gate' | 'evidence'>>,
): ApprovalGate[] {
  return gates
    .filter(({ kind }) => kind === 'approval')
    .map(({ name, options: declared }) => {
      const options = approvalGateOptionsSchema.parse(declared);
      const said = evidenceSchema.safeParse(
        results.find(({ gate }) => gate === name)?.evidence,
      );
      return {
        name,
        options: said.success
          ? withDependants(options, said.data.dependants)
          : options,
      };
    });
}

/** Judges votes as the approval gates do. */
export function judgeVotes(options: VotesToJudge): JudgedVotes {
  const { votes, voters, now } = options;
  const excluded = new Set(options.excluded.map(({ ref }) => ref));
  const gates = options.gates.map(({ name, options: gate }) => ({
    gate: name,
    standing: judgeApproval({
      gate,
      votes,
      // Before there is something to vote on, no vote can be on it.
      subject: options.subject ?? '',
      voters,
      excluded,
      now,
    }),
  }));
  return {
    gates,
    standings: votes.map((_, index) => {
      const all = gates.map(({ standing }) => standing.votes[index]?.standing);
      return bestFirst.find(one => all.includes(one)) ?? 'notEligible';
    }),
  };
}

/** How many places of rules are filled. */
function filledPlaces({ gates }: JudgedVotes): number {
  return gates
    .flatMap(({ standing }) => standing.rules)
    .reduce((sum, { approvedBy }) => sum + approvedBy.length, 0);
}

/** Whether an approval of somebody, given now, would fill a place that is empty. */
export function wouldHelp(options: VotesToJudge, ref: string): boolean {
  if (options.subject === undefined) {
    return false;
  }
  const at = options.now.toISOString();
  const approval: Vote = {
    voter: ref,
    decision: 'approve',
    subject: options.subject,
    at,
    // Whether the sign-in is fresh enough is found out when the vote comes.
    authenticatedAt: at,
  };
  return (
    filledPlaces(
      judgeVotes({ ...options, votes: [...options.votes, approval] }),
    ) > filledPlaces(judgeVotes(options))
  );
}
