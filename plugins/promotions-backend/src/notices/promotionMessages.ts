import {
  excludedFromApproval,
  type GateResult,
  isEnd,
  type Override,
  type Promotion,
  type PromotionPhase,
  type Vote,
} from '@portico/plugin-promotions-common';
import { type DirectoryMember } from '@portico/plugin-tenancy-node';
import { toVoter } from '../gates/gateFacts';
import { authorsInEvidence } from '../queries/authorsInEvidence';
import { approvalGatesOf, judgeVotes } from '../queries/judgeVotes';
import { type StoredPromotion } from '../store/toPromotion';
import { isEndNews } from './isEndNews';
import {
  isPerson,
  type Message,
  nameOf,
  personName,
  promotionLink,
} from './Message';

/** What is known of a promotion when people are told of it. */
export interface PromotionNews {
  was: StoredPromotion;
  votes: readonly Vote[];
  results: readonly GateResult[];
  overrides: readonly Override[];
  /** What the pipeline takes back by it. */
  takesBack?: { promotion: Promotion; results: readonly GateResult[] };
  /** Who made the last transition. */
  movedBy?: string;
  /** Those who own what depends on it, where its gates have them told. */
  informed: readonly string[];
  /** Of the tenant, as they are now: nobody else is ever told. */
  members: readonly DirectoryMember[];
  now: Date;
}

/** Those who can still approve are asked to; whoever brought it is told whose word is missing. */
export function approvalMessages(news: PromotionNews): Message[] {
  const { promotion } = news.was;
  const { id, environment } = promotion;
  if (promotion.phase !== 'waiting') {
    return [];
  }
  const approvers = mayStillApprove(news);
  const missing = news.results
    .filter(
      ({ kind, outcome, subject }) =>
        kind === 'approval' &&
        outcome === 'waiting' &&
        subject === promotion.subject,
    )
    .map(({ reason }) => reason)
    .join(' ');
  return [
    {
      to: approvers,
      title: `${nameOf(
        promotion,
      )} waits for your approval before ${environment}`,
      description: `${askedBy(promotion, news)} ${missing}`,
      link: promotionLink(id),
      severity: 'normal',
      topic: 'approvals',
      scope: `approval:${id}`,
    },
    {
      to: broughtBy(news),
      title: `${nameOf(promotion)} waits for review before ${environment}`,
      description: missing,
      link: promotionLink(id),
      severity: 'normal',
      topic: 'promotions',
      scope: `promotion:${id}`,
    },
    {
      to: onlyInformed(news, approvers),
      title: `${nameOf(promotion)} waits for review before ${environment}`,
      description: `You own what depends on it. Nothing is asked of you. ${missing}`,
      link: promotionLink(id),
      severity: 'normal',
      topic: 'promotions',
      scope: `promotion:${id}`,
    },
  ];
}

/** Whoever brought it is told what became of it, unless they ended it themselves. */
export function endMessages(news: PromotionNews): Message[] {
  const { promotion } = news.was;
  const { id, phase, environment, reason } = promotion;
  if (!isEnd(phase) || !isEndNews(promotion, phase)) {
    return [];
  }
  const end = {
    title: `${nameOf(promotion)} ${becameOf(phase)} ${environment}`,
    link: promotionLink(id),
    topic: 'promotions' as const,
    scope: `promotion:${id}`,
  };
  return [
    {
      ...end,
      to: broughtBy(news).filter(ref => ref !== news.movedBy),
      description: reason,
      severity:
        phase === 'failed' || phase === 'errored' || phase === 'rolledBack'
          ? 'high'
          : 'normal',
    },
    {
      ...end,
      to: onlyInformed(news),
      description: `You own what depends on it. ${reason}`,
      severity: 'normal',
    },
  ];
}

/** Who is told more in another message is left out. */
function onlyInformed(
  news: PromotionNews,
  others: readonly string[] = [],
): string[] {
  const told = new Set([...others, ...broughtBy(news), news.movedBy]);
  return news.informed.filter(ref => !told.has(ref));
}

/** All who approve or administrate are told that gates are gone past. */
export function breakGlassMessages(news: PromotionNews): Message[] {
  const { promotion } = news.was;
  const { id, environment } = promotion;
  const override = news.overrides.at(-1);
  if (!override) {
    return [];
  }
  const { by, confirmed, gates, reason, ticket } = override;
  const last = confirmed?.by ?? by;
  const name = (ref: string) => personName(ref, news.members);
  const next = confirmed
    ? `${name(confirmed.by)} confirmed it. A third person has to review it.`
    : 'A second person has to confirm it.';
  return [
    {
      to: news.members
        .filter(isPerson)
        .filter(({ roles }) =>
          roles.some(role => role === 'approver' || role === 'tenant-admin'),
        )
        .map(({ userRef }) => userRef)
        .filter(ref => ref !== last),
      title: `Break glass: ${nameOf(promotion)} to ${environment}`,
      description: `${name(by)} wants to go past ${gates.join(
        ', ',
      )}: ${reason} (${ticket}). ${next}`,
      link: promotionLink(id),
      severity: 'critical',
      topic: 'break-glass',
      scope: `breakGlass:${id}`,
    },
  ];
}

/** Judged as the gates do, with the directory as it is now. */
function mayStillApprove(news: PromotionNews): string[] {
  const { promotion, stage } = news.was;
  const { gates } = judgeVotes({
    gates: approvalGatesOf(stage.gates, news.results),
    votes: news.votes,
    subject: promotion.subject,
    voters: news.members.filter(mayVote).map(toVoter),
    excluded: excludedFromApproval({
      requestedBy: promotion.requestedBy,
      authors: authorsInEvidence(news.results),
      editors: stage.editors,
    }),
    now: news.now,
  });
  const refs = gates
    .flatMap(({ standing }) => standing.rules)
    .filter(({ missing }) => missing > 0)
    .flatMap(({ mayApprove }) => mayApprove);
  return [...new Set(refs)].sort();
}

/** Whoever only looks on holds no right to vote, whatever group they are in. */
function mayVote(member: DirectoryMember): boolean {
  return isPerson(member) && member.roles.some(role => role !== 'viewer');
}

/**
 * Who waits for it: the person who asked; where the pipeline did, who announced the release
 * and who wrote it, as far as they are members. What the pipeline takes back is waited for by
 * whoever brought that.
 */
function broughtBy({
  was,
  results: own,
  takesBack,
  members,
}: PromotionNews): string[] {
  const { promotion, results } = takesBack ?? { ...was, results: own };
  const refs = promotion.automatic
    ? [promotion.release.announcedBy, ...authorsInEvidence(results)]
    : [promotion.requestedBy];
  return members
    .filter(isPerson)
    .map(({ userRef }) => userRef)
    .filter(ref => refs.includes(ref));
}

function askedBy(promotion: Promotion, { members }: PromotionNews): string {
  return promotion.automatic
    ? 'The pipeline asked for it.'
    : `${personName(promotion.requestedBy, members)} asked for it.`;
}

function becameOf(phase: PromotionPhase): string {
  switch (phase) {
    case 'succeeded':
      return 'runs in';
    case 'rejected':
      return 'was rejected for';
    case 'failed':
      return 'failed on its way to';
    case 'errored':
      return 'met an error on its way to';
    case 'expired':
      return 'was not let through in time to';
    case 'superseded':
      return 'was overtaken by a newer promotion to';
    case 'cancelled':
      return 'was cancelled on its way to';
    case 'rolledBack':
      return 'was taken back from';
    case 'pending':
    case 'evaluating':
    case 'waiting':
    case 'ready':
    case 'running':
    case 'verifying':
      return 'is on its way to';
    default:
      return phase satisfies never;
  }
}
