import { z } from 'zod';
import { digestSchema, durationMilliseconds, durationSchema } from './names';

/** In `from` of a rule: the groups and people who own what depends on the component. */
export const OWNERS_OF_DEPENDANTS = 'owners:dependants';

/** So many people of one of these groups or roles have to approve. */
export const approvalRuleSchema = z.strictObject({
  /** Unique in its gate; shown to people. */
  name: z.string().min(1).max(63),
  /**
   * Refs of groups, `group:aurora/checkout`, names of roles, `role:approver`, and
   * {@link OWNERS_OF_DEPENDANTS}.
   */
  from: z
    .array(
      z
        .string()
        .regex(
          /^(?:group:[^\s]+\/[^\s]+|role:[a-z-]+|owners:dependants)$/,
          'must be a group, a role or owners:dependants',
        ),
    )
    .min(1)
    .max(20),
  required: z.number().int().min(1).max(20),
});
export type ApprovalRule = z.infer<typeof approvalRuleSchema>;

/** Options of a gate of kind `approval`. */
export const approvalGateOptionsSchema = z.strictObject({
  /** All of them have to be filled, each person counts for one. */
  rules: z
    .array(approvalRuleSchema)
    .min(1)
    .max(10)
    .refine(
      rules => new Set(rules.map(({ name }) => name)).size === rules.length,
      { error: 'must have a name of its own for each rule' },
    )
    .refine(rules => rules.some(({ from }) => asksAlways(from)), {
      error:
        'must have a rule that asks a group or a role: where nothing depends on the component, its dependants have no owners',
    }),
  /** An approval older than this does not count any more. */
  expiresAfter: durationSchema.optional(),
  /** The voter must have signed in no longer than this before the vote. */
  signedInWithin: durationSchema.optional(),
  /**
   * Whoever wrote a commit of it cannot approve. Where the commits cannot be read, the gate
   * cannot tell; with `excludedIfKnown` it goes on without them and says so.
   */
  authors: z.enum(['excluded', 'excludedIfKnown']).default('excluded'),
  /**
   * An approval signs every file that is rendered. Where nobody can tell which these are, the
   * gate waits, as without this; with `signedIfKnown` it goes on without them and says so.
   */
  manifests: z.enum(['signed', 'signedIfKnown']).optional(),
  /** Who is told that it waits and how it ended, without a vote. */
  informs: z.array(z.literal(OWNERS_OF_DEPENDANTS)).max(1).optional(),
});
export type ApprovalGateOptions = z.infer<typeof approvalGateOptionsSchema>;

function asksAlways(from: readonly string[]): boolean {
  return from.some(one => one !== OWNERS_OF_DEPENDANTS);
}

/** What depends on a component, in the same tenant, and is not owned by its own owners. */
export interface Dependants {
  count: number;
  /** Refs of groups and people, each once. */
  owners: readonly string[];
}

/** Whether the gate has owners of dependants told. */
export function informsDependants({ informs }: ApprovalGateOptions): boolean {
  return informs?.includes(OWNERS_OF_DEPENDANTS) ?? false;
}

/** Whether the gate asks for owners of dependants. */
export function asksDependants({ rules }: ApprovalGateOptions): boolean {
  return rules.some(({ from }) => from.includes(OWNERS_OF_DEPENDANTS));
}

/**
 * The gate with the owners of dependants in place of {@link OWNERS_OF_DEPENDANTS}. A rule
 * that asks them alone is left out where nothing depends on the component; where something
 * does and nobody owns it, the rule stays and nobody can fill it.
 */
export function withDependants(
  gate: ApprovalGateOptions,
  { count, owners }: Dependants,
): ApprovalGateOptions {
  return {
    ...gate,
    rules: gate.rules.flatMap((rule): ApprovalRule[] => {
      if (!rule.from.includes(OWNERS_OF_DEPENDANTS)) {
        return [rule];
      }
      const from = [
        ...new Set([
          ...rule.from.filter(one => one !== OWNERS_OF_DEPENDANTS),
          ...owners,
        ]),
      ];
      if (from.length > 0) {
        return [{ ...rule, from }];
      }
      return count === 0 ? [] : [rule];
    }),
  };
}

/** One person's word on one subject. */
export const voteSchema = z.strictObject({
  voter: z.string(),
  decision: z.enum(['approve', 'reject', 'withdraw']),
  subject: digestSchema,
  at: z.iso.datetime(),
  /** Name of the rule that the vote is meant for; any that fits without. */
  representing: z.string().optional(),
  /** When the voter had signed in, as the token said. */
  authenticatedAt: z.iso.datetime().optional(),
});
export type Vote = z.infer<typeof voteSchema>;

/** A member of the tenant as the directory says now. */
export interface Voter {
  ref: string;
  kind: 'person' | 'machine';
  /** Refs of groups and `role:<name>`, as in the rules. */
  belongsTo: readonly string[];
}

/** Whether a vote counts, and why not. */
export type VoteStanding =
  | 'counts'
  /** Approved, but somebody else fills the rules that it could. */
  | 'spare'
  | 'rejects'
  /** Given to something else than what is shown now. */
  | 'stale'
  /** The same person voted again. */
  | 'replaced'
  | 'withdrawn'
  | 'expired'
  /** Signed in too long before the vote, or nobody knows when. */
  | 'signInTooOld'
  /** Asked for it, wrote it, or changed its gate. */
  | 'excluded'
  /** No member any more, a machine, or in none of the groups. */
  | 'notEligible';

/** How far a rule is. */
export interface RuleStanding {
  rule: ApprovalRule;
  /** Refs of the people whose approval fills it. */
  approvedBy: string[];
  missing: number;
  /** Refs of the people who could still approve. */
  mayApprove: string[];
}

/** What the votes come to. */
export interface ApprovalStanding {
  outcome: 'passed' | 'waiting' | 'rejected';
  rules: RuleStanding[];
  /** In the order of the votes. */
  votes: Array<{ vote: Vote; standing: VoteStanding }>;
}

/**
 * Counts votes: every rule needs so many people, and each person counts for one rule, in
 * whatever way fills the most. A reject stands for as long as its subject is shown.
 *
 * @param votes - oldest first, of all subjects
 * @param voters - the members as they are now: who left a group since does not count
 * @param excluded - refs of those who cannot approve: who asked for it, wrote a commit of
 *   it, or changed its gates. Their reject counts.
 * @param expiresAfter - milliseconds after which an approval does not count any more
 * @param signedInWithin - milliseconds that may lie between signing in and approving
 */
export function countVotes(options: {
  rules: readonly ApprovalRule[];
  votes: readonly Vote[];
  subject: string;
  voters: readonly Voter[];
  excluded: ReadonlySet<string>;
  now: Date;
  expiresAfter?: number;
  signedInWithin?: number;
}): ApprovalStanding {
  const { rules, votes, subject, excluded } = options;
  const people = new Map(
    options.voters
      .filter(({ kind }) => kind === 'person')
      .map(voter => [voter.ref, voter]),
  );
  const fits = (rule: ApprovalRule, ref: string): boolean => {
    const person = people.get(ref);
    return person
      ? [ref, ...person.belongsTo].some(one => rule.from.includes(one))
      : false;
  };
  const mayVote = (ref: string) => rules.some(rule => fits(rule, ref));
  const last = new Map(
    votes
      .filter(vote => vote.subject === subject)
      .map(vote => [vote.voter, vote]),
  );

  const standingOf = (vote: Vote): VoteStanding => {
    if (vote.subject !== subject) {
      return 'stale';
    }
    if (!mayVote(vote.voter)) {
      return 'notEligible';
    }
    if (vote.decision === 'reject') {
      return 'rejects';
    }
    if (last.get(vote.voter) !== vote) {
      return 'replaced';
    }
    if (vote.decision === 'withdraw') {
      return 'withdrawn';
    }
    if (excluded.has(vote.voter)) {
      return 'excluded';
    }
    if (!isSignInFresh(vote, options.signedInWithin)) {
      return 'signInTooOld';
    }
    const { expiresAfter, now } = options;
    return expiresAfter !== undefined &&
      now.getTime() - Date.parse(vote.at) >= expiresAfter
      ? 'expired'
      : 'counts';
  };

  const standings = votes.map(vote => ({ vote, standing: standingOf(vote) }));
  const approvals = standings
    .filter(({ standing }) => standing === 'counts')
    .map(({ vote }) => vote);
  const filled = fillRules(rules, approvals, (rule, { voter, representing }) =>
    representing === undefined || representing === rule.name
      ? fits(rule, voter)
      : false,
  );
  const filling = new Set([...filled.values()].flat());
  const ruleStandings = rules.map(rule => {
    const approvedBy = (filled.get(rule) ?? []).map(({ voter }) => voter);
    return {
      rule,
      approvedBy,
      missing: rule.required - approvedBy.length,
      mayApprove: [...people.keys()]
        .filter(
          ref =>
            fits(rule, ref) &&
            !excluded.has(ref) &&
            !approvals.some(({ voter }) => voter === ref),
        )
        .sort(),
    };
  });
  return {
    outcome: outcomeOf(
      standings.some(({ standing }) => standing === 'rejects'),
      ruleStandings,
    ),
    rules: ruleStandings,
    votes: standings.map(({ vote, standing }) => ({
      vote,
      standing:
        standing === 'counts' && !filling.has(vote) ? 'spare' : standing,
    })),
  };
}

/** {@link countVotes} with the options of a gate. */
export function judgeApproval(
  options: Omit<
    Parameters<typeof countVotes>[0],
    'rules' | 'expiresAfter' | 'signedInWithin'
  > & { gate: ApprovalGateOptions },
): ApprovalStanding {
  const { gate, ...rest } = options;
  return countVotes({
    ...rest,
    rules: gate.rules,
    ...(gate.expiresAfter !== undefined && {
      expiresAfter: durationMilliseconds(gate.expiresAfter),
    }),
    ...(gate.signedInWithin !== undefined && {
      signedInWithin: durationMilliseconds(gate.signedInWithin),
    }),
  });
}

/** Why somebody cannot approve. */
export interface ApprovalExclusion {
  ref: string;
  why: 'requester' | 'author' | 'gateEditor';
}

/** Those who cannot approve a promotion, each once, with the first reason that holds. */
export function excludedFromApproval(options: {
  requestedBy: string;
  /** Refs of the members who wrote a commit of what is promoted. */
  authors: readonly string[];
  /** Refs of those who changed the gates last. */
  editors: readonly string[];
}): ApprovalExclusion[] {
  const all: ApprovalExclusion[] = [
    { ref: options.requestedBy, why: 'requester' },
    ...options.authors.map(ref => ({ ref, why: 'author' as const })),
    ...options.editors.map(ref => ({ ref, why: 'gateEditor' as const })),
  ];
  return all.filter(
    ({ ref }, index) => all.findIndex(other => other.ref === ref) === index,
  );
}

function isSignInFresh(
  { at, authenticatedAt }: Vote,
  signedInWithin: number | undefined,
): boolean {
  if (signedInWithin === undefined) {
    return true;
  }
  return (
    authenticatedAt !== undefined &&
    Date.parse(at) - Date.parse(authenticatedAt) <= signedInWithin
  );
}

/** No rule at all is no permission. */
function outcomeOf(
  rejected: boolean,
  rules: readonly RuleStanding[],
): ApprovalStanding['outcome'] {
  if (rejected) {
    return 'rejected';
  }
  return rules.length > 0 && rules.every(({ missing }) => missing === 0)
    ? 'passed'
    : 'waiting';
}

/**
 * Gives each approval to one rule at most so that as many places as possible are filled:
 * augmenting paths in a bipartite graph. Earlier approvals and rules come first.
 */
function fillRules(
  rules: readonly ApprovalRule[],
  approvals: readonly Vote[],
  fits: (rule: ApprovalRule, approval: Vote) => boolean,
): Map<ApprovalRule, Vote[]> {
  const filled = new Map<ApprovalRule, Vote[]>(rules.map(rule => [rule, []]));

  /** Finds a place, moving others on to another rule where that makes room. */
  const place = (approval: Vote, tried: Set<ApprovalRule>): boolean => {
    for (const rule of rules) {
      if (tried.has(rule) || !fits(rule, approval)) {
        continue;
      }
      tried.add(rule);
      const places = filled.get(rule) ?? [];
      if (places.length < rule.required) {
        places.push(approval);
        return true;
      }
      for (const [index, other] of places.entries()) {
        if (place(other, tried)) {
          places[index] = approval;
          return true;
        }
      }
    }
    return false;
  };

  for (const approval of approvals) {
    place(approval, new Set());
  }
  return filled;
}
