import {
  type ApprovalGateOptions,
  approvalGateOptionsSchema,
  type ApprovalStanding,
  asksDependants,
  durationMilliseconds,
  excludedFromApproval,
  judgeApproval,
  type RuleStanding,
  withDependants,
} from '@portico/plugin-promotions-common';
import {
  type Author,
  defineGate,
  type GateAnswer,
  type GateFacts,
} from '@portico/plugin-promotions-node';
import { isError } from '@backstage/errors';

/** So many votes and people are named; a promotion with more says how many there are. */
const MOST_VOTES = 20;
const MOST_NAMED = 5;

/**
 * People have to approve what is shown. Who may is looked up each time: somebody who left a
 * group since does not count. Whoever asked for it, wrote a commit of it or changed its
 * gates cannot approve; a machine never does.
 */
export const approvalGate = defineGate<ApprovalGateOptions>({
  kind: 'approval',
  options: approvalGateOptionsSchema,
  async evaluate(question) {
    const { options, promotion, stage, subjectDigest, now, facts } = question;
    const unsigned = question.subject.manifestsUnknown;
    const [votes, voters, authors, dependants] = await Promise.all([
      facts.votes(),
      facts.voters(),
      readAuthors(options, facts),
      asksDependants(options) ? facts.dependants() : undefined,
    ]);
    const exclusions = excludedFromApproval({
      requestedBy: promotion.requestedBy,
      authors: authors.known.flatMap(({ ref }) => (ref ? [ref] : [])),
      editors: stage.editors,
    });
    const standing = judgeApproval({
      gate: dependants ? withDependants(options, dependants) : options,
      votes,
      subject: subjectDigest,
      voters,
      excluded: new Set(exclusions.map(({ ref }) => ref)),
      now,
    });
    const validUntil = firstExpiry(standing, options);
    const isUnsigned =
      unsigned !== undefined && options.manifests !== 'signedIfKnown';
    return {
      ...(isUnsigned && standing.outcome !== 'rejected'
        ? nothingToSign(unsigned)
        : answerOf(standing)),
      evidence: {
        ...(unsigned !== undefined && { manifestsUnknown: unsigned }),
        rules: standing.rules.map(({ rule, approvedBy, missing }) => ({
          name: rule.name,
          from: rule.from,
          required: rule.required,
          approvedBy,
          missing,
        })),
        votes: standing.votes
          .slice(-MOST_VOTES)
          .map(({ vote, standing: counts }) => ({
            voter: vote.voter,
            decision: vote.decision,
            at: vote.at,
            standing: counts,
          })),
        votesInAll: standing.votes.length,
        excluded: exclusions.map(({ ref, why }) => ({ ref, why })),
        authors: authors.evidence,
        ...(dependants && {
          dependants: {
            count: dependants.count,
            owners: [...dependants.owners],
          },
        }),
      },
      ...(validUntil && { validUntil, askAgainAt: validUntil }),
    };
  },
});

/** The authors, and what is kept of them: no names and addresses of strangers. */
async function readAuthors(
  options: ApprovalGateOptions,
  facts: GateFacts,
): Promise<{
  known: Author[];
  evidence: { read: boolean; withoutMember?: number; why?: string };
}> {
  try {
    const known = await facts.authors();
    return {
      known,
      evidence: {
        read: true,
        withoutMember: known.filter(({ ref }) => ref === undefined).length,
      },
    };
  } catch (error) {
    if (options.authors === 'excluded') {
      throw error;
    }
    return {
      known: [],
      evidence: {
        read: false,
        why: isError(error) ? error.name : 'an unknown error',
      },
    };
  }
}

/** Nobody can approve what nobody can tell. */
function nothingToSign(
  unsigned: string,
): Pick<GateAnswer, 'outcome' | 'reason'> {
  return {
    outcome: 'waiting',
    reason: `Approvals cannot count, because it cannot be told what is rendered: ${unsigned}. Mend that, or write manifests: signedIfKnown into the gate.`,
  };
}

function answerOf({
  outcome,
  rules,
  votes,
}: ApprovalStanding): Pick<GateAnswer, 'outcome' | 'reason'> {
  switch (outcome) {
    case 'rejected': {
      const rejections = votes.filter(({ standing }) => standing === 'rejects');
      return {
        outcome: 'failed',
        reason: `Rejected by ${listOf(
          rejections.map(({ vote }) => vote.voter),
        )}.`,
      };
    }
    case 'passed':
      return {
        outcome: 'passed',
        reason: `Approved by ${listOf(
          rules.flatMap(({ approvedBy }) => approvedBy),
        )}.`,
      };
    case 'waiting':
      return {
        outcome: 'waiting',
        reason: rules
          .filter(({ missing }) => missing > 0)
          .map(waitingReason)
          .join(' '),
      };
    default:
      return outcome satisfies never;
  }
}

function waitingReason({ rule, missing, mayApprove }: RuleStanding): string {
  const needs = `"${rule.name}" needs ${missing} more ${
    missing === 1 ? 'approval' : 'approvals'
  }`;
  if (mayApprove.length >= missing) {
    return `${needs}: ${listOf(mayApprove, 'or')} can approve.`;
  }
  return mayApprove.length === 0
    ? `${needs}, and nobody can give it: add somebody to ${listOf(
        rule.from,
        'or',
      )} who did not ask for it, write it or change its gates.`
    : `${needs}, and only ${listOf(mayApprove)} can approve: add ${
        missing - mayApprove.length
      } more to ${listOf(rule.from, 'or')}.`;
}

/** When the first of the approvals that count does not count any more. */
function firstExpiry(
  { votes, outcome }: ApprovalStanding,
  { expiresAfter }: ApprovalGateOptions,
): Date | undefined {
  if (expiresAfter === undefined || outcome !== 'passed') {
    return undefined;
  }
  const counting = votes
    .filter(({ standing }) => standing === 'counts')
    .map(({ vote }) => Date.parse(vote.at));
  return counting.length > 0
    ? new Date(Math.min(...counting) + durationMilliseconds(expiresAfter))
    : undefined;
}

/** `user:aurora/robin` is `robin` to people who look at a promotion of aurora. */
function listOf(refs: readonly string[], last: 'and' | 'or' = 'and'): string {
  const names = [...new Set(refs)].map(ref =>
    ref.startsWith('user:') ? ref.slice(ref.indexOf('/') + 1) : ref,
  );
  const shown = names.slice(0, MOST_NAMED);
  const more = names.length - shown.length;
  const all = more > 0 ? [...shown, `${more} others`] : shown;
  return all.length > 1
    ? `${all.slice(0, -1).join(', ')} ${last} ${all.at(-1)}`
    : all.join();
}
